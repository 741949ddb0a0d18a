/**
 * What a running program says of itself and what it can be told: the records, and the API that speaks them. Whoever runs it
 * is {@link dev.shunt.control.ControlPort}; who asks is the socket, the console, a child.
 *
 * <pre>
 *   HTTP ── ControlSite ──► ControlApi ──► ControlPort, the manager's
 *   child, program ─ Control ──┘
 * </pre>
 *
 * To read: {@link dev.shunt.control.Inspection}, {@link dev.shunt.control.ControlPort}, {@link dev.shunt.control.ControlApi}.
 */
@NullMarked
package dev.shunt.control;

import org.jspecify.annotations.NullMarked;
