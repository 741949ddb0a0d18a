/**
 * The vocabulary of connections: {@link dev.shunt.net.Endpoint}, {@link dev.shunt.net.Connection}, {@link
 * dev.shunt.net.ApplicationProtocol} (a {@link dev.shunt.net.Protocol} of the program's, WebSocket) and their limits.
 * No sockets here; those are in {@code netty}.
 */
@NullMarked
package dev.shunt.net;

import org.jspecify.annotations.NullMarked;
