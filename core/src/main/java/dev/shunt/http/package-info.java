/**
 * What of HTTP a program names: a {@link dev.shunt.http.Request} and its {@link dev.shunt.http.Response}, a {@link
 * dev.shunt.http.Handshake}, and the settings {@link dev.shunt.http.HttpProtocol} and {@link
 * dev.shunt.http.WebSocketProtocol}; and how requests ({@link dev.shunt.http.RequestBytes}) and answers ({@link
 * dev.shunt.http.HttpPart}) travel between processes. What is on the wire is in {@code netty}.
 */
@NullMarked
package dev.shunt.http;

import org.jspecify.annotations.NullMarked;
