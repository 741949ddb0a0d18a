/**
 * The children of a program: starts them, knows them, replaces them, ends them. A generic supervisor; what children do
 * is not known here.
 *
 * <pre>
 *   LaunchCommand ─┐                                        ┌─ ChildIdentity, BlockingLink, SlotTable (in the child)
 *   ChildOptions  ─┴► Supervisor ──► ChildLauncher ──► process
 *                        │  ▲                               │
 *    one Succession      │  └── ChildHandshake ◄── Unix socket ◄─┘   Hello, Welcome | Refused, Ready, frames, Leaving
 *    per place, Backoff ─┘
 *                        RunDirectory: lock, socket, slots-N, arguments-N, payloads
 * </pre>
 *
 * <p><b>Signals.</b> Ctrl+C reaches the whole foreground group. A child that died of it would take running work with it
 * before the manager could stop in order; a process group of its own would spare it that, but the JDK cannot start one.
 * So a child ignores INT and HUP ({@link dev.shunt.process.ChildSignals}), and its manager, which gets them too, says
 * Stop. Before it has come so far it has no work, and may die. TERM to one child means that child: it says Leaving and
 * is replaced: its successor is started, and when that is ready it is told to Stop. A manager that is killed takes its
 * end of every link with it, which is how its children know.
 *
 * <p>Read {@link dev.shunt.process.Supervisor}, {@link dev.shunt.process.Succession}, {@link
 * dev.shunt.process.ChildState}, {@link dev.shunt.process.ChildHandshake}, then {@link dev.shunt.process.RunDirectory}
 * and {@link dev.shunt.process.LaunchCommand}.
 */
@NullMarked
package dev.shunt.process;

import org.jspecify.annotations.NullMarked;
