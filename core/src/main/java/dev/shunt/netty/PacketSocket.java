package dev.shunt.netty;

import dev.shunt.data.Codec;
import dev.shunt.data.Data;
import dev.shunt.log.Log;
import dev.shunt.net.Endpoint;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.DatagramPacket;
import java.net.InetSocketAddress;
import org.slf4j.Logger;

/** A bound address for datagrams. They wait in the system until {@link #accept}. Safe for use by any thread. */
public final class PacketSocket implements PacketPort, AutoCloseable {

    private static final Logger LOG = Log.of(PacketSocket.class);

    private final Endpoint endpoint;
    private final NettyLoop loop;
    private final DatagramChannel channel;
    private final PacketEvents events;
    private volatile long lastDropped;

    PacketSocket(Endpoint endpoint, NettyLoop loop, DatagramChannel channel, PacketEvents events) {
        this.endpoint = endpoint;
        this.loop = loop;
        this.channel = channel;
        this.events = events;
    }

    @Override
    public Endpoint endpoint() {
        return endpoint;
    }

    @Override
    public NettyLoop loop() {
        return loop;
    }

    @Override
    public void accept() {
        channel.config().setAutoRead(true);
    }

    @Override
    public void stopAccepting() {
        channel.config().setAutoRead(false);
    }

    @Override
    public boolean send(InetSocketAddress to, Data datagram) {
        if (!channel.isWritable() || !channel.isActive()) {
            events.unsent();
            return false;
        }
        var packet = new DatagramPacket(Unpooled.wrappedBuffer(datagram.bytes()), to);
        channel.writeAndFlush(packet).addListener(done -> {
            if (!done.isSuccess()) {
                events.unsent();
                LOG.debug("{}: a datagram to {} was not sent: {}", endpoint, to, String.valueOf(done.cause()));
            }
        });
        return true;
    }

    @Override
    public long droppedBySystem() {
        var bound = channel.localAddress();
        if (bound != null) {
            lastDropped = Math.max(lastDropped, SystemDrops.of(bound));
        }
        return lastDropped;
    }

    @Override
    public void close() {
        var _ = channel.close();
    }

    /** Tells of each datagram. */
    static final class Receiver extends SimpleChannelInboundHandler<DatagramPacket> {

        private final int maxBytes;
        private final PacketEvents events;

        Receiver(int maxBytes, PacketEvents events) {
            this.maxBytes = maxBytes;
            this.events = events;
        }

        @Override
        protected void channelRead0(ChannelHandlerContext context, DatagramPacket packet) {
            int length = packet.content().readableBytes();
            if (length > maxBytes) {
                events.tooLong(packet.sender(), length);
                return;
            }
            var bytes = new byte[length];
            packet.content().readBytes(bytes);
            events.received(packet.sender(), Data.received(Data.Kind.BYTES, bytes, Codec.json()));
        }

        /** As that nobody listens where an answer was sent to: no concern of others. */
        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            GuardedLoop.endIfFatal(context, cause);
            LOG.debug("{}: {}", context.channel(), cause.toString());
        }
    }
}
