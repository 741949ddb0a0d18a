package dev.shunt.netty;

import dev.shunt.net.Endpoint.Inet;
import dev.shunt.net.Endpoint.Unix;
import dev.shunt.netty.Pipelines.Role;
import dev.shunt.netty.TlsContexts.Encryption;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.group.ChannelGroup;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/**
 * Opens one outgoing socket: certificates, host name, then its addresses one after the other until one accepts, then the
 * handshakes if there are any; all within the connect timeout. Ends with {@code opened} or {@code failed} of the socket. The loop's
 * thread only.
 */
final class Dial {

    private final SocketLifecycle socket;
    private final SocketSpec spec;
    private final Transport transport;
    private final Descriptors descriptors;
    private final ChannelGroup channels;
    private @Nullable Encryption encryption;

    Dial(SocketLifecycle socket, SocketSpec spec, Transport transport, Descriptors descriptors, ChannelGroup channels) {
        this.socket = socket;
        this.spec = spec;
        this.transport = transport;
        this.descriptors = descriptors;
        this.channels = channels;
    }

    /** @param tls reads what it needs from disk */
    void start(Resolver resolver, Optional<Callable<Encryption>> tls) {
        if (!socket.isOpening()) {
            return;
        }
        var timeout = spec.limits().connectTimeout();
        socket.openWithin(timeout, () -> fail("not open within " + timeout.toMillis() + " ms"));
        if (tls.isEmpty()) {
            resolve(resolver);
            return;
        }
        var _ = resolver.call(tls.get())
                .whenCompleteAsync(
                        (read, failure) -> {
                            if (failure == null) {
                                encryption = read;
                                resolve(resolver);
                            } else {
                                fail(String.valueOf(failure.getMessage()));
                            }
                        },
                        socket.loop());
    }

    private void resolve(Resolver resolver) {
        switch (spec.endpoint().address()) {
            case Unix(var file) ->
                tryNext(List.of(transport.unixAddress().apply(file)).iterator());
            case Inet(var host, int port) -> {
                var _ = resolver.addresses(host)
                        .whenCompleteAsync(
                                (addresses, failure) -> {
                                    if (failure == null) {
                                        tryNext(addresses.stream()
                                                .<SocketAddress>map(address -> new InetSocketAddress(address, port))
                                                .iterator());
                                    } else {
                                        fail("the host name " + host + " cannot be resolved");
                                    }
                                },
                                socket.loop());
            }
        }
    }

    private Channel newChannel() {
        return switch (spec.endpoint().address()) {
            case Inet _ -> transport.socket().get();
            case Unix _ -> transport.unixSocket().get();
        };
    }

    private void tryNext(Iterator<SocketAddress> addresses) {
        if (!socket.isOpening()) {
            return;
        }
        var address = addresses.next();
        Channel channel;
        try {
            channel = newChannel();
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
        Pipelines.carry(socket, spec, channel, Role.OUTGOING, encryption);
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
