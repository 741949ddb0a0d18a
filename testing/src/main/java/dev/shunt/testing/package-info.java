/**
 * What Shunt's own tests need: programs as real processes, clients, a gate that handlers wait at. Nothing here sleeps:
 * everything waits for a condition, and for {@link dev.shunt.testing.Program#PATIENCE} at most.
 *
 * <pre>
 *   Programs     JUnit extension: starts, prints on failure, ends, finds what was left behind
 *    └ Launch    what to start     ► Program   what runs: lines, port, children, signals
 *   Gate         a handler stands still, in whatever process, until the test lets it go
 *   Signals      those that Java cannot send
 *   LineClient, RawClient, WebSocketClient, RawServer
 * </pre>
 */
@NullMarked
package dev.shunt.testing;

import org.jspecify.annotations.NullMarked;
