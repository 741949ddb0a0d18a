/**
 * What of HTTP a program names: {@link dev.shunt.http.WebSocketProtocol} and its settings. The handshake and the frames are
 * in {@code netty}, which recognizes this protocol.
 */
@NullMarked
package dev.shunt.http;

import org.jspecify.annotations.NullMarked;
