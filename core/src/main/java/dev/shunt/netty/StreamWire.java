package dev.shunt.netty;

import dev.shunt.data.Codec;
import dev.shunt.data.Data;
import dev.shunt.log.Log;
import dev.shunt.net.Protocol;
import dev.shunt.net.ProtocolException;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/**
 * A byte stream that a {@link Protocol} cuts into packets. Holds what has arrived of the next packets, on the heap: at most
 * the longest one allowed and what one read brings.
 *
 * <pre>
 *   bytes ──► received ──input()──► 0: more bytes needed   n: a packet of n bytes, now or when they are there
 *                                   negative, too long, exception: the socket is cut
 * </pre>
 */
final class StreamWire extends WireHandler {

    private static final Logger LOG = Log.of(StreamWire.class);

    private final Protocol protocol;
    private final int maxPackageBytes;
    private final ReceivedBytes view = new ReceivedBytes();
    private @Nullable ByteBuf received;
    /** Length of the packet at the front, 0 while unknown. */
    private int packetBytes;

    private boolean delivering;

    StreamWire(SocketLifecycle socket, Protocol protocol, int maxPackageBytes) {
        super(socket);
        this.protocol = protocol;
        this.maxPackageBytes = maxPackageBytes;
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        socket.opened(this);
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        received = KeptBytes.with(received, (ByteBuf) message);
        socket.reading();
        proceed();
    }

    @Override
    public void proceed() {
        if (delivering || received == null) {
            return;
        }
        delivering = true;
        boolean delivered = false;
        try {
            while (socket.mayDeliver() && isWhole(received)) {
                delivered = true;
                socket.deliver(Data.received(Data.Kind.BYTES, take(received), Codec.json()));
            }
        } finally {
            delivering = false;
            if (!received.isReadable() || !socket.wantsInput()) {
                drop();
                socket.holds(0, 0, delivered);
            } else {
                var bytes = received;
                received = null; // should there be no memory to keep it, it is gone
                received = KeptBytes.of(bytes);
                socket.holds(received.capacity(), received.readableBytes(), delivered);
            }
        }
    }

    @Override
    public void drop() {
        if (received != null && !delivering) {
            received.release();
            received = null;
            packetBytes = 0;
            view.forget();
        }
    }

    @Override
    public boolean holds() {
        return received != null;
    }

    @Override
    public void append(Data.Kind kind, byte[] bytes, Outbox out) {
        out.room(bytes.length).writeBytes(bytes);
    }

    /** Whether a packet stands at the front with all its bytes. */
    private boolean isWhole(ByteBuf bytes) {
        if (!bytes.isReadable()) {
            return false;
        }
        if (packetBytes == 0) {
            packetBytes = measure(bytes);
        }
        return packetBytes > 0 && bytes.readableBytes() >= packetBytes;
    }

    private byte[] take(ByteBuf bytes) {
        var packet = new byte[packetBytes];
        bytes.readBytes(packet);
        packetBytes = 0;
        view.forget();
        return packet;
    }

    /** The protocol's answer; 0 also when it is a wrong one, and then the socket has been cut. */
    private int measure(ByteBuf bytes) {
        int length = input(bytes);
        if (length < 0) {
            socket.cut("bad input: the protocol refused it");
        } else if (length > maxPackageBytes) {
            socket.cut("bad input: a message of " + length + " bytes; " + maxPackageBytes + " are allowed");
        } else if (length == 0 && bytes.readableBytes() > maxPackageBytes) {
            socket.cut("bad input: " + bytes.readableBytes() + " bytes without the end of a message; " + maxPackageBytes
                    + " are allowed");
        } else {
            return length;
        }
        return 0;
    }

    private int input(ByteBuf bytes) {
        try {
            return protocol.input(view.of(bytes));
        } catch (ProtocolException e) {
            socket.cut("bad input: " + e.getMessage());
        } catch (RuntimeException e) {
            LOG.warn(
                    "{}: {}.input threw, so the connection is closed",
                    socket,
                    protocol.getClass().getName(),
                    e);
            socket.cut("its protocol threw " + e);
        }
        return 0;
    }
}
