/**
 * Sockets: the only package that sees Netty. {@link dev.shunt.netty.Network} is the door; what happens is told to
 * {@link dev.shunt.netty.SocketEvents} and {@link dev.shunt.ipc.LinkEvents}, on the {@link dev.shunt.netty.Loop} that owns
 * the socket.
 *
 * <pre>
 *   Network ─┬─ bind ──► ListeningSocket ── Acceptor ──┐
 *            ├─ connect ──► Dial, Resolver ────────────┴──► ChannelSocket ──► SocketEvents
 *            └─ listenLinks ──► LinkServer ──► ChannelLink ──► LinkEvents
 *
 *   ChannelSocket   when it opens, delivers, closes
 *     ├─ Wire       how packets travel: StreamWire, or a handshake and then WebSocketWire
 *     └─ Outbox     what waits to be sent
 * </pre>
 *
 * Read {@link dev.shunt.netty.Socket}, then {@code ChannelSocket} and {@code Outbox}, then {@code StreamWire}; the WebSocket
 * in the order {@code ServerHandshake}, {@code WebSocketWire}, {@code FrameDecoder}, {@code Fragments}; {@code ChannelLink}
 * stands alone. {@code SteadyEpoll} is a repair of Netty's.
 *
 * <p>On JDK 25 a program needs {@code --enable-native-access=ALL-UNNAMED} for native epoll (on the module path
 * {@code =io.netty.common}, in a jar started with {@code -jar} the manifest entry {@code Enable-Native-Access: ALL-UNNAMED}),
 * or the JVM prints a warning; nothing else. Where native access is denied, NIO is used.
 */
@NullMarked
package dev.shunt.netty;

import org.jspecify.annotations.NullMarked;
