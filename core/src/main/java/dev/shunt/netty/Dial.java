package dev.shunt.netty;

import dev.shunt.netty.Pipelines.Role;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.group.ChannelGroup;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Iterator;
import java.util.function.Supplier;

/**
 * Opens one outgoing socket: host name, then its addresses one after the other until one accepts, then the handshake if
 * there is one; all within the connect timeout. Ends with {@code opened} or {@code failed} of the socket. The loop's
 * thread only.
 */
final class Dial {

    private final SocketLifecycle socket;
    private final SocketSpec spec;
    private final Supplier<Channel> newChannel;
    private final Descriptors descriptors;
    private final ChannelGroup channels;

    Dial(
            SocketLifecycle socket,
            SocketSpec spec,
            Supplier<Channel> newChannel,
            Descriptors descriptors,
            ChannelGroup channels) {
        this.socket = socket;
        this.spec = spec;
        this.newChannel = newChannel;
        this.descriptors = descriptors;
        this.channels = channels;
    }

    void start(Resolver resolver) {
        if (!socket.isOpening()) {
            return;
        }
        var timeout = spec.limits().connectTimeout();
        socket.openWithin(timeout, () -> fail("not open within " + timeout.toMillis() + " ms"));
        String host = spec.endpoint().host();
        var _ = resolver.addresses(host)
                .whenCompleteAsync(
                        (addresses, failure) -> {
                            if (failure == null) {
                                tryNext(addresses.iterator());
                            } else {
                                fail("the host name " + host + " cannot be resolved");
                            }
                        },
                        socket.loop());
    }

    private void tryNext(Iterator<InetAddress> addresses) {
        if (!socket.isOpening()) {
            return;
        }
        var address = new InetSocketAddress(addresses.next(), spec.endpoint().port());
        Channel channel;
        try {
            channel = newChannel.get();
        } catch (RuntimeException e) { // Netty's way to say that there is no file descriptor left
            fail(reason(e.getCause() == null ? e : e.getCause()));
            return;
        }
        if (descriptors.areFew(channel)) {
            channel.unsafe().closeForcibly();
            fail("of " + descriptors.limit() + " file descriptors (ulimit -n) only those are left that are kept for the"
                    + " program itself");
            return;
        }
        var _ = socket.loop().netty().register(channel);
        if (!channel.isRegistered()) {
            channel.unsafe().closeForcibly();
            fail("the network is closed");
            return;
        }
        channel.config().setConnectTimeoutMillis(0); // the socket has its own
        Pipelines.carry(socket, spec, channel, Role.OUTGOING);
        channels.add(channel);
        channel.connect(address).addListener((ChannelFuture done) -> {
            if (done.isSuccess()) {
                return;
            }
            var _ = channel.close();
            if (addresses.hasNext()) {
                tryNext(addresses);
            } else {
                fail(reason(done.cause()));
            }
        });
    }

    private void fail(String reason) {
        socket.failed("cannot connect to " + spec.endpoint() + ": " + reason);
    }

    private static String reason(Throwable cause) {
        String message = String.valueOf(cause.getMessage());
        return cause instanceof ConnectException && message.contains("refused") ? "connection refused" : message;
    }
}
