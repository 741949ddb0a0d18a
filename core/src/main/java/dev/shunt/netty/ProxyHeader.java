package dev.shunt.netty;

import dev.shunt.net.AddressRange;
import dev.shunt.net.ListenOptions;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.haproxy.HAProxyCommand;
import io.netty.handler.codec.haproxy.HAProxyMessage;
import io.netty.handler.codec.haproxy.HAProxyMessageDecoder;
import io.netty.util.AttributeKey;
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

    /** At each end: whose connection it is, and where that came in. */
    record Passed(InetSocketAddress from, InetSocketAddress to) {}

    private static final AttributeKey<Passed> PASSED = AttributeKey.valueOf(ProxyHeader.class, "passed");

    private final SocketLifecycle socket;
    private final Duration timeout;
    private final Admission admission;

    private ProxyHeader(SocketLifecycle socket, Duration timeout, Admission admission) {
        this.socket = socket;
        this.timeout = timeout;
        this.admission = admission;
    }

    /** In front of all handlers that the channel has. */
    static void before(Channel channel, SocketLifecycle socket, Duration timeout, Admission admission) {
        channel.pipeline()
                .addLast(new HAProxyMessageDecoder(true))
                .addLast(new ProxyHeader(socket, timeout, admission));
    }

    /** Whether it comes from a proxy, whose header is believed and must be there. */
    static boolean isDue(Channel accepted, ListenOptions options) {
        List<AddressRange> proxies = options.proxies();
        return !proxies.isEmpty()
                && (!(accepted.remoteAddress() instanceof InetSocketAddress from)
                        || proxies.stream().anyMatch(range -> range.contains(from.getAddress())));
    }

    /** What its header has said; null if there was none, or nothing in it. */
    static @Nullable Passed of(Channel channel) {
        return channel.attr(PASSED).get();
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
            context.channel().attr(PASSED).set(passed);
            if (passed != null
                    && !admission.admitsAddress(passed.from().getAddress().getHostAddress(), context.channel())) {
                return;
            }
        } finally {
            header.release();
        }
        socket.openWithin(timeout, () -> socket.cut("not open within " + timeout.toMillis() + " ms"));
        context.fireChannelActive();
        context.pipeline().remove(this);
    }

    /** A proxy that asks on its own behalf, whether we live for one, passes nothing on. */
    private static @Nullable Passed passed(HAProxyMessage header) {
        if (header.command() != HAProxyCommand.PROXY || header.sourceAddress() == null) {
            return null;
        }
        return switch (header.proxiedProtocol()) {
            case TCP4, TCP6 ->
                new Passed(
                        new InetSocketAddress(InetAddress.ofLiteral(header.sourceAddress()), header.sourcePort()),
                        new InetSocketAddress(
                                InetAddress.ofLiteral(header.destinationAddress()), header.destinationPort()));
            default -> null;
        };
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        socket.cut("no header of the PROXY protocol: " + cause.getMessage());
    }
}
