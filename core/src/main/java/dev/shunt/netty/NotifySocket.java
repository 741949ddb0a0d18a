package dev.shunt.netty;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.shunt.log.Log;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollDomainDatagramChannel;
import io.netty.channel.unix.DomainDatagramPacket;
import io.netty.channel.unix.DomainSocketAddress;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;

/**
 * Sends datagrams to a Unix socket, which the JDK cannot: what systemd is told of a service. Each goes to whoever has the
 * address at that time. One that cannot be sent is logged. For any thread.
 */
public final class NotifySocket {

    private static final Logger LOG = Log.of(NotifySocket.class);

    private final String name;
    private final DomainSocketAddress address;
    private final Channel channel;
    private final AtomicBoolean failing = new AtomicBoolean();

    private NotifySocket(String name, DomainSocketAddress address, Channel channel) {
        this.name = name;
        this.address = address;
        this.channel = channel;
    }

    /**
     * Opens it on a loop, and waits; so not on a loop's thread.
     *
     * @param name a file, or an abstract name that begins with {@code @}
     * @return empty, with a line in the log, where it cannot be opened
     */
    static Optional<NotifySocket> open(String name, NettyLoop loop) {
        if (!Epoll.isAvailable()) {
            LOG.warn(
                    "{} is told nothing: datagrams on Unix sockets need Netty's native epoll, and it is not there: {}",
                    name,
                    String.valueOf(Epoll.unavailabilityCause()));
            return Optional.empty();
        }
        var channel = new EpollDomainDatagramChannel();
        channel.config().setAutoRead(false);
        var problem = loop.netty().register(channel).awaitUninterruptibly().cause();
        if (problem == null) { // the kernel gives it a name, without which Netty sends nothing
            problem = channel.bind(new DomainSocketAddress(""))
                    .awaitUninterruptibly()
                    .cause();
        }
        if (problem != null) {
            LOG.warn("{} is told nothing: {}", name, problem.toString());
            channel.unsafe().closeForcibly();
            return Optional.empty();
        }
        String path = name.startsWith("@") ? '\0' + name.substring(1) : name;
        return Optional.of(new NotifySocket(name, new DomainSocketAddress(path), channel));
    }

    Channel channel() {
        return channel;
    }

    /** Sends one datagram: lines of {@code NAME=value}. */
    public void say(String lines) {
        var packet = new DomainDatagramPacket(Unpooled.copiedBuffer(lines, UTF_8), address);
        var _ = channel.writeAndFlush(packet).addListener(sent -> {
            if (failing.getAndSet(!sent.isSuccess()) || sent.isSuccess()) {
                return; // one line until it is heard again
            }
            LOG.warn("{} could not be told \"{}\": {}", name, lines, String.valueOf(sent.cause()));
        });
    }
}
