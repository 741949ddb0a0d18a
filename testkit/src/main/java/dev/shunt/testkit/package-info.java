/**
 * What tests of programs that use Shunt need: their handlers run without processes, sockets and waiting.
 *
 * <pre>
 *   ManualEngine      the engine of a program with its outside taken away: runs when it is told
 *    ├ SettableClock  its time
 *    └ ManualClient   at the other end of a connection
 *   ManualLoop        a loop that whoever steps it is the thread of
 *   TaskLogContract   what every task log must keep, for one of your own
 * </pre>
 */
@NullMarked
package dev.shunt.testkit;

import org.jspecify.annotations.NullMarked;
