/**
 * Sockets: the only package that sees Netty. {@link dev.shunt.netty.Network} is the door; what happens is told to
 * {@link dev.shunt.netty.SocketEvents} and {@link dev.shunt.ipc.LinkEvents}, on the {@link dev.shunt.netty.NettyLoop}
 * that owns the socket.
 *
 * <pre>
 *   Network ─┬─ bind ──► ListeningSocket ── Acceptor ──┐
 *            ├─ connect ──► Dial, Resolver ────────────┴─ Pipelines ──► ChannelSocket ──► SocketEvents
 *            └─ listenLinks ──► LinkServer ──► ChannelLink ──► LinkEvents
 *
 *   ChannelSocket        what any thread may ask for
 *     SocketLifecycle    when it opens, delivers, closes; its loop's thread only
 *     ├─ Wire            how packets travel: StreamWire, or a handshake and then WebSocketWire
 *     ├─ Outbox          what waits to be sent
 *     ├─ Input           whether the channel is read, and whether more will come
 *     ├─ SocketMemory    what it holds of the MemoryBudget that all share
 *     ├─ Pace            whether its peer is too slow
 *     └─ SocketEnding          its deadlines, and why it closed
 * </pre>
 *
 * Read {@link dev.shunt.netty.Socket}, then {@code SocketLifecycle} and {@code Outbox}, then {@code Pipelines} and
 * {@code StreamWire}; the WebSocket in the order {@code ServerHandshake}, {@code WebSocketWire}, {@code FrameCutter},
 * {@code Fragments}; {@code ChannelLink} stands alone. {@code SteadyEpoll} is a repair of Netty's.
 *
 * <p>On JDK 25 a program needs {@code --enable-native-access=ALL-UNNAMED} for native epoll (on the module path
 * {@code =io.netty.common}, in a jar started with {@code -jar} the manifest entry {@code Enable-Native-Access:
 * ALL-UNNAMED}), or the JVM prints a warning; nothing else. Where native access is denied, NIO is used.
 */
@NullMarked
package dev.shunt.netty;

import org.jspecify.annotations.NullMarked;
