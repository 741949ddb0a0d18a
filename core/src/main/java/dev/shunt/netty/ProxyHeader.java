package dev.shunt.netty;

import dev.shunt.net.AddressRange;
import dev.shunt.net.ListenOptions;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.haproxy.HAProxyCommand;
import io.netty.handler.codec.haproxy.HAProxyMessage;
import io.netty.handler.codec.haproxy.HAProxyMessageDecoder;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Waits for the header of the PROXY protocol, version 1 or 2, with which a proxy says whose connection it passes on; what
 * follows hears of an open channel when that is known. Anything else ends the connection. The loop's thread only.
 */
final class ProxyHeader extends ChannelInboundHandlerAdapter {

    private final SocketLifecycle socket;
    private final Duration timeout;
    private final Admission admission;
    private boolean known;

    private ProxyHeader(SocketLifecycle socket, Duration timeout, Admission admission) {
        this.socket = socket;
        this.timeout = timeout;
        this.admission = admission;
    }

    /** To stand in front of all handlers that the channel has. */
    static List<ChannelHandler> handlers(SocketLifecycle socket, Duration timeout, Admission admission) {
        return List.of(new HAProxyMessageDecoder(true), new ProxyHeader(socket, timeout, admission));
    }

    /** Whether it comes from a proxy, whose header is believed and must be there. */
    static boolean isDue(Channel accepted, ListenOptions options) {
        List<AddressRange> proxies = options.proxies();
        return !proxies.isEmpty()
                && (!(accepted.remoteAddress() instanceof InetSocketAddress from)
                        || proxies.stream().anyMatch(range -> range.contains(from.getAddress())));
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        socket.openWithin(
                timeout, () -> socket.cut("no header of the PROXY protocol within " + timeout.toMillis() + " ms"));
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (!(message instanceof HAProxyMessage header)) {
            context.fireChannelRead(message);
            return;
        }
        try {
            var passed = passed(header);
            if (passed != null) {
                passed.keepWith(context.channel());
            }
            if (passed != null
                    && !admission.admitsAddress(passed.from().getAddress().getHostAddress(), context.channel())) {
                return;
            }
        } finally {
            header.release();
        }
        socket.openWithin(timeout, () -> socket.cut("not open within " + timeout.toMillis() + " ms"));
        known = true;
        context.fireChannelActive();
    }

    /** A proxy that asks on its own behalf, whether we live for one, passes nothing on. */
    private static @Nullable ProxiedAddress passed(HAProxyMessage header) {
        if (header.command() != HAProxyCommand.PROXY || header.sourceAddress() == null) {
            return null;
        }
        return switch (header.proxiedProtocol()) {
            case TCP4, TCP6 ->
                new ProxiedAddress(
                        new InetSocketAddress(InetAddress.ofLiteral(header.sourceAddress()), header.sourcePort()),
                        new InetSocketAddress(
                                InetAddress.ofLiteral(header.destinationAddress()), header.destinationPort()));
            default -> null;
        };
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        if (known) {
            context.fireExceptionCaught(cause);
            return;
        }
        socket.cut("no header of the PROXY protocol: " + cause.getMessage());
    }
}
