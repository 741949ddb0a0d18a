/**
 * The load generator, on Netty's loops. A {@link dev.shunt.benchmarks.client.Load} opens connections, each of which
 * speaks a {@link dev.shunt.benchmarks.client.Dialogue}: one request outstanding, a reply, the next.
 *
 * <pre>
 *   closed loop   the next request leaves when the reply has come: how much can the server do?
 *   open loop     requests are due at a fixed rate, whatever the server does, and a reply is as late as it is after its
 *                 request was due: how long does a client wait? (Gil Tene's correction for coordinated omission)
 *                 What the end finds unanswered counts with the time that it has waited by then.
 * </pre>
 */
@NullMarked
package dev.shunt.benchmarks.client;

import org.jspecify.annotations.NullMarked;
