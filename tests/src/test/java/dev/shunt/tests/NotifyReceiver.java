package dev.shunt.tests;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.epoll.EpollDomainDatagramChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.unix.DomainDatagramPacket;
import io.netty.channel.unix.DomainSocketAddress;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

/** Stands for systemd: the datagram socket of {@code NOTIFY_SOCKET}, and all that it was told. */
final class NotifyReceiver implements AutoCloseable {

    private final List<String> told = new CopyOnWriteArrayList<>();
    private final EventLoopGroup loop = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
    private final Channel channel;

    /** @param name a file, or an abstract name that begins with {@code @} */
    NotifyReceiver(String name) {
        String path = name.startsWith("@") ? '\0' + name.substring(1) : name;
        channel = new Bootstrap()
                .group(loop)
                .channel(EpollDomainDatagramChannel.class)
                .handler(new SimpleChannelInboundHandler<DomainDatagramPacket>() {
                    @Override
                    protected void channelRead0(ChannelHandlerContext context, DomainDatagramPacket packet) {
                        told.add(packet.content().toString(UTF_8));
                    }
                })
                .bind(new DomainSocketAddress(path))
                .syncUninterruptibly()
                .channel();
    }

    /** All datagrams, in their order. */
    List<String> told() {
        return List.copyOf(told);
    }

    /** All but those of the watchdog, each without what changes from run to run. */
    List<String> changes() {
        return told.stream()
                .filter(text -> !text.equals("WATCHDOG=1"))
                .map(text -> text.replaceAll("\\d{3,}", "N"))
                .toList();
    }

    long pings() {
        return told.stream().filter("WATCHDOG=1"::equals).count();
    }

    @Override
    public void close() {
        channel.close().syncUninterruptibly();
        loop.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
    }
}
