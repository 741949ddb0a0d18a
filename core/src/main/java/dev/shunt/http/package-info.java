/**
 * What of HTTP a program names: {@link dev.shunt.http.WebSocketProtocol}, the settings of a WebSocket. The handshake
 * and the frames are in {@code netty}.
 */
@NullMarked
package dev.shunt.http;

import org.jspecify.annotations.NullMarked;
