package dev.shunt.benchmarks.client;

import static java.util.concurrent.TimeUnit.SECONDS;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** Many connections that only listen, on one loop; they count what they are told. For one thread. */
public final class Audience implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /** Below the backlog of any contender. */
    private static final int CONNECTING = 256;

    private final EventLoopGroup loop = new MultiThreadIoEventLoopGroup(
            1, Epoll.isAvailable() ? EpollIoHandler.newFactory() : NioIoHandler.newFactory());
    private final int size;
    private final long bytesEach;

    /** Released when all have been told once more. */
    private final Semaphore told = new Semaphore(0);

    /** On the loop. */
    private long bytes;

    private Audience(int size, int bytesEach) {
        this.size = size;
        this.bytesEach = bytesEach;
    }

    /** So many connections, each of which is to get so many bytes at a time. */
    public static Audience of(int port, int size, int bytesEach) throws IOException, InterruptedException {
        var audience = new Audience(size, bytesEach);
        try {
            audience.connect(port);
            return audience;
        } catch (IOException | InterruptedException | RuntimeException e) {
            audience.close();
            throw e;
        }
    }

    private void connect(int port) throws IOException, InterruptedException {
        var bootstrap = new Bootstrap()
                .group(loop)
                .channel(Epoll.isAvailable() ? EpollSocketChannel.class : NioSocketChannel.class)
                .handler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channel.pipeline().addLast(new Listener());
                    }
                });
        var connecting = new ArrayDeque<ChannelFuture>();
        for (int i = 0; i < size; i++) {
            connecting.add(bootstrap.connect("127.0.0.1", port));
            if (connecting.size() == CONNECTING) {
                connected(connecting.remove());
            }
        }
        while (!connecting.isEmpty()) {
            connected(connecting.remove());
        }
    }

    private static void connected(ChannelFuture future) throws IOException, InterruptedException {
        if (!future.await().isSuccess()) {
            throw new IOException("cannot connect: " + future.cause().getMessage(), future.cause());
        }
    }

    /** Until all of them have been told once more. */
    public void awaitTold() throws IOException, InterruptedException {
        if (!told.tryAcquire(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
            throw new IOException("not all of " + size + " were told within " + PATIENCE.toSeconds() + " s");
        }
    }

    private final class Listener extends ChannelInboundHandlerAdapter {

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            var in = (ByteBuf) message;
            long all = size * bytesEach;
            bytes += in.readableBytes();
            in.release();
            if (bytes >= all) {
                bytes -= all;
                told.release();
            }
        }
    }

    @Override
    public void close() {
        loop.shutdownGracefully(0, PATIENCE.toSeconds(), SECONDS).awaitUninterruptibly();
    }
}
