package dev.shunt.benchmarks.netty;

import dev.shunt.benchmarks.program.Listening;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.net.InetSocketAddress;
import java.util.function.Consumer;

/** The transport of the other programs here: epoll where it can be had, and event loops that accept and serve. */
final class NettyServer {

    static final Class<? extends Channel> SOCKET =
            Epoll.isAvailable() ? EpollSocketChannel.class : NioSocketChannel.class;

    private static final Class<? extends ServerChannel> SERVER_SOCKET =
            Epoll.isAvailable() ? EpollServerSocketChannel.class : NioServerSocketChannel.class;
    private static final int BACKLOG = 1024;

    private NettyServer() {}

    static EventLoopGroup loops() {
        return new MultiThreadIoEventLoopGroup(
                Listening.LOOPS, Epoll.isAvailable() ? EpollIoHandler.newFactory() : NioIoHandler.newFactory());
    }

    /** Listens, says so, and serves until the process is stopped. */
    static void serve(int port, Consumer<ChannelPipeline> handlers) {
        serve(Listening.HOST, port, handlers);
    }

    static void serve(String host, int port, Consumer<ChannelPipeline> handlers) {
        var loops = loops();
        var channel = new ServerBootstrap()
                .group(loops)
                .channel(SERVER_SOCKET)
                .option(ChannelOption.SO_BACKLOG, BACKLOG)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel accepted) {
                        handlers.accept(accepted.pipeline());
                    }
                })
                .bind(host, port)
                .syncUninterruptibly()
                .channel();
        Listening.say(((InetSocketAddress) channel.localAddress()).getPort());
        channel.closeFuture().syncUninterruptibly();
    }
}
