package dev.shunt.netty;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandler;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.channel.epoll.EpollServerDomainSocketChannel;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.channel.socket.nio.NioDomainSocketChannel;
import io.netty.channel.socket.nio.NioServerDomainSocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.channel.unix.DomainSocketReadMode;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/** How the kernel is asked: through native epoll, or through the JDK's NIO where there is none. */
record Transport(
        Supplier<IoHandlerFactory> ioHandlers,
        Supplier<Channel> socket,
        Supplier<ServerChannel> serverSocket,
        Supplier<Channel> unixSocket,
        Supplier<ServerChannel> unixServerSocket,
        Function<Path, SocketAddress> unixAddress,
        Supplier<DatagramChannel> packetSocket,
        Optional<Adoption> adoption) {

    /** How a process comes by the listening sockets of another one. */
    interface Adoption {

        /** One that listens already, by the descriptor that this process has of it. */
        Channel adopted(int descriptor, boolean unix);

        /** Calls who gives them out; the handler is told. Not on the loop. */
        void connect(Path socketFile, ChannelHandler handler, NettyLoop loop);
    }

    private record EpollAdoption() implements Adoption {

        @Override
        public Channel adopted(int descriptor, boolean unix) {
            return unix ? new EpollServerDomainSocketChannel(descriptor) : new EpollServerSocketChannel(descriptor);
        }

        @Override
        public void connect(Path socketFile, ChannelHandler handler, NettyLoop loop) {
            var channel = new EpollDomainSocketChannel();
            channel.config().setReadMode(DomainSocketReadMode.FILE_DESCRIPTORS);
            Pipelines.single(channel, handler);
            loop.netty().register(channel).awaitUninterruptibly(); // before it connects, or it would be active twice
            channel.connect(new DomainSocketAddress(socketFile.toFile()))
                    .addListener(ChannelFutureListener.FIRE_EXCEPTION_ON_FAILURE);
        }
    }

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
                EpollDomainSocketChannel::new,
                EpollServerDomainSocketChannel::new,
                path -> new DomainSocketAddress(path.toFile()),
                EpollDatagramChannel::new,
                Optional.of(new EpollAdoption()));
    }

    static Transport nio() {
        return new Transport(
                NioIoHandler::newFactory,
                NioSocketChannel::new,
                NioServerSocketChannel::new,
                NioDomainSocketChannel::new,
                NioServerDomainSocketChannel::new,
                UnixDomainSocketAddress::of,
                NioDatagramChannel::new,
                Optional.empty());
    }
}
