package dev.shunt.netty;

import io.netty.channel.Channel;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollServerDomainSocketChannel;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerDomainSocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.channel.unix.DomainSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;
import java.util.function.Function;
import java.util.function.Supplier;

/** How the kernel is asked: through native epoll, or through the JDK's NIO where there is none. */
record Transport(
        Supplier<IoHandlerFactory> ioHandlers,
        Supplier<Channel> socket,
        Supplier<ServerChannel> serverSocket,
        Supplier<ServerChannel> unixServerSocket,
        Function<Path, SocketAddress> unixAddress) {

    static {
        NettyProperties.set();
    }

    static Transport best() {
        return Epoll.isAvailable() ? epoll() : nio();
    }

    static Transport epoll() {
        return new Transport(
                () -> BusyHandler.factory(new SteadyEpoll()),
                EpollSocketChannel::new,
                EpollServerSocketChannel::new,
                EpollServerDomainSocketChannel::new,
                path -> new DomainSocketAddress(path.toFile()));
    }

    static Transport nio() {
        return new Transport(
                NioIoHandler::newFactory,
                NioSocketChannel::new,
                NioServerSocketChannel::new,
                NioServerDomainSocketChannel::new,
                UnixDomainSocketAddress::of);
    }
}
