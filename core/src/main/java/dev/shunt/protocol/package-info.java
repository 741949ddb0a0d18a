/**
 * The built-in wire formats, each three functions on one screen, as a user's own would be.
 *
 * <pre>
 *   bytes as they come ──input──► one whole packet ──decode──► message ──► handler
 *   bytes as they go   ◄───────── one whole packet ◄──encode── message ◄── send
 *   (the process that owns the socket)     (where the handler runs)
 * </pre>
 *
 * Read {@link dev.shunt.protocol.TextProtocol}, {@link dev.shunt.protocol.FrameProtocol},
 * {@link dev.shunt.protocol.RawProtocol}, {@link dev.shunt.protocol.DelimiterProtocol},
 * {@link dev.shunt.protocol.LengthProtocol}, then {@link dev.shunt.protocol.Protocols}.
 */
@NullMarked
package dev.shunt.protocol;

import org.jspecify.annotations.NullMarked;
