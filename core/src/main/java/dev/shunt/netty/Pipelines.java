package dev.shunt.netty;

import dev.shunt.http.HttpProtocol;
import dev.shunt.http.WebSocketProtocol;
import dev.shunt.net.ApplicationProtocol.Framing;
import dev.shunt.net.ApplicationProtocol.Http;
import dev.shunt.net.ApplicationProtocol.Packets;
import dev.shunt.net.ApplicationProtocol.WebSocket;
import dev.shunt.net.ListenOptions;
import dev.shunt.netty.TlsContexts.Encryption;
import dev.shunt.netty.WebSocketWire.Agreed;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.HttpResponseDecoder;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Which handlers a channel has: the one place that makes and changes pipelines, for accepted and outgoing sockets alike.
 *
 * <pre>
 *   silence     SilenceWatch, and then what follows
 *   proxies     HAProxyMessageDecoder, ProxyHeader, and then what follows
 *   TLS         Meter, SniHandler ─► SslHandler, PlainText if accepted, TlsGate, and then what follows
 *   Framing     StreamWire
 *   Http        StrictRequestDecoder, HttpWire ─────upgrade─► WebSocketWire
 *   WebSocket   HttpRequestDecoder,  ServerHandshake  ─┐
 *               HttpResponseDecoder, ClientHandshake  ─┴─upgrade─► WebSocketWire
 * </pre>
 */
final class Pipelines {

    private static final String COUNTED = "counted";

    /** Which side of a connection a socket is. */
    enum Role {
        ACCEPTED,
        OUTGOING
    }

    private Pipelines() {}

    /** Makes the channel carry the socket, which is told by its handlers from now on. The loop's thread only. */
    static void carry(
            SocketLifecycle socket, SocketSpec spec, Channel channel, Role role, @Nullable Encryption encryption) {
        if (encryption != null) {
            channel.pipeline()
                    .addLast(TlsGate.handlers(channel, encryption, socket).toArray(ChannelHandler[]::new));
        }
        var options = channel.config();
        options.setOption(ChannelOption.TCP_NODELAY, true);
        options.setOption(ChannelOption.SO_KEEPALIVE, true);
        WireHandler wire = switch (spec.protocol()) {
            case Framing(var protocol) -> {
                options.setOption(ChannelOption.ALLOW_HALF_CLOSURE, true);
                yield new StreamWire(socket, protocol, spec.limits().maxPackageBytes());
            }
            case Packets _ -> throw new IllegalStateException("no stream carries datagrams");
            case Http(var settings) -> {
                options.setOption(ChannelOption.ALLOW_HALF_CLOSURE, true);
                yield http(socket, spec, settings, channel);
            }
            case WebSocket(var settings) -> {
                options.setOption(ChannelOption.ALLOW_HALF_CLOSURE, false);
                yield handshake(socket, spec, settings, channel, role);
            }
        };
        channel.pipeline().addLast(wire);
        socket.carriedBy(channel, wire);
    }

    /** As {@link #carry}, for a socket that was accepted, behind what stands at the door of its listener. */
    static void carryAccepted(
            SocketLifecycle socket,
            SocketSpec spec,
            Channel channel,
            ListenOptions options,
            Admission admission,
            @Nullable Encryption encryption) {
        if (options.heartbeat().isNeeded()) {
            channel.pipeline().addLast(new SilenceWatch(socket, options.heartbeat(), spec.protocol()));
        }
        if (ProxyHeader.isDue(channel, options)) {
            channel.pipeline()
                    .addLast(ProxyHeader.handlers(socket, spec.limits().connectTimeout(), admission)
                            .toArray(ChannelHandler[]::new));
        }
        carry(socket, spec, channel, Role.ACCEPTED, encryption);
        if (encryption != null) {
            String gate = channel.pipeline().context(TlsGate.class).name();
            channel.pipeline().addBefore(gate, null, new PlainText(spec.protocol(), admission));
        }
    }

    /** A channel that accepts others, or one whose only handler does all. */
    static void single(Channel channel, ChannelHandler handler) {
        channel.pipeline().addLast(handler);
    }

    /** Has an accepted channel prepared by its own loop, once registered: before that Netty cannot close it in order. */
    static void whenRegistered(Channel accepted, Consumer<Channel> preparation) {
        accepted.pipeline().addLast(new ChannelInitializer<>() {
            @Override
            protected void initChannel(Channel channel) {
                preparation.accept(channel);
            }
        });
    }

    private static WireHandler handshake(
            SocketLifecycle socket, SocketSpec spec, WebSocketProtocol settings, Channel channel, Role role) {
        return switch (role) {
            case ACCEPTED -> {
                var http = new HttpRequestDecoder(Handshake.httpLimits());
                channel.pipeline().addLast(COUNTED, new Counted(socket)).addLast(http);
                yield new ServerHandshake(
                        socket,
                        spec.limits().connectTimeout(),
                        settings,
                        (context, deflate) -> upgrade(
                                context, http, new WebSocketWire(socket, spec, new Agreed(true, deflate, settings))));
            }
            case OUTGOING -> {
                var http = new HttpResponseDecoder(Handshake.httpLimits());
                channel.pipeline().addLast(COUNTED, new Counted(socket)).addLast(http);
                yield new ClientHandshake(
                        socket,
                        spec.endpoint(),
                        settings,
                        (context, deflate) -> upgrade(
                                context, http, new WebSocketWire(socket, spec, new Agreed(false, deflate, settings))));
            }
        };
    }

    private static WireHandler http(SocketLifecycle socket, SocketSpec spec, HttpProtocol settings, Channel channel) {
        var decoder = new StrictRequestDecoder(settings);
        channel.pipeline().addLast(decoder);
        return new HttpWire(socket, spec, settings, decoder, (asked, accepted) -> {
            var agreement = Agreement.on(asked.request().headers(), settings, accepted);
            byte[] answer = agreement.answer();
            socket.outbox().ownRoom(answer.length).writeBytes(answer);
            channel.config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, false);
            var wire = new WebSocketWire(socket, spec, agreement.agreed());
            channel.pipeline().replace(HttpWire.class, null, wire);
            wire.opened();
            channel.pipeline().remove(decoder);
            socket.outbox().appended();
        });
    }

    /** The decoder of HTTP goes last, for it passes on what it has read too much. What it held counts no more. */
    private static void upgrade(ChannelHandlerContext handshake, ChannelHandler http, WebSocketWire wire) {
        var pipeline = handshake.pipeline();
        pipeline.remove(COUNTED);
        pipeline.replace(handshake.handler(), null, wire);
        wire.opened();
        pipeline.remove(http);
    }

    /** Counts what a handshake holds, for the decoder of HTTP keeps what has come of a head that goes on. */
    private static final class Counted extends ChannelInboundHandlerAdapter {

        private final SocketLifecycle socket;
        private long bytes;

        Counted(SocketLifecycle socket) {
            this.socket = socket;
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            bytes += ((ByteBuf) message).readableBytes();
            socket.memory().received(bytes);
            context.fireChannelRead(message);
        }
    }
}
