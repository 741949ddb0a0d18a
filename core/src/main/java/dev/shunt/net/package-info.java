/**
 * The vocabulary of connections: {@link dev.shunt.net.Endpoint}, {@link dev.shunt.net.Connection},
 * {@link dev.shunt.net.Protocol} and their limits. No sockets here; those are in {@code netty}.
 */
@NullMarked
package dev.shunt.net;

import org.jspecify.annotations.NullMarked;
