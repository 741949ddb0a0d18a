/**
 * What tests of programs that use Shunt need: programs as real processes, clients, a gate that handlers wait at, a clock to
 * step by hand. Nothing here sleeps: everything waits for a condition, and for {@link dev.shunt.testkit.Program#PATIENCE} at
 * most.
 *
 * <pre>
 *   Programs     JUnit extension: starts, prints on failure, ends, finds what was left behind
 *    └ Launch    what to start     ► Program   what runs: lines, port, children, signals
 *   Gate         a handler stands still, in whatever process, until the test lets it go
 *   Signals      those that Java cannot send
 *   LineClient, RawClient, WebSocketClient, RawServer, SettableClock
 * </pre>
 */
@NullMarked
package dev.shunt.testkit;

import org.jspecify.annotations.NullMarked;
