package dev.shunt.netty;

import dev.shunt.data.Codec;
import dev.shunt.data.Data;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * What one socket accepted for sending and the kernel has not taken yet. Packets gather in one chunk of memory, which
 * leaves with one write at the end of the loop's turn. Lives on the loop's thread but for {@link #reserve}, {@link #leave}
 * and {@link #isFull}; packets left by other threads, or before the socket opened, wait in a queue.
 */
final class Outbox {

    private static final int CHUNK_BYTES = 64 << 10;
    private static final int FIRST_BYTES = 256;

    private final ChannelSocket socket;
    private final int maxBytes;
    private final Queue<Data> left = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean collecting = new AtomicBoolean();
    private final AtomicLong reserved = new AtomicLong();
    private volatile long written;
    private volatile boolean refused;

    private @Nullable ByteBuf chunk;
    private long chunkReserved;
    private long handedOver;

    Outbox(ChannelSocket socket, int maxBytes) {
        this.socket = socket;
        this.maxBytes = maxBytes;
    }

    /** Makes room for a packet of so many bytes; false if as much as allowed waits already. One packet may overshoot. */
    boolean reserve(int bytes) {
        if (isFull()) {
            refused = true;
            // Between the question and the note all may have been written, and nobody would read the note.
            if (isFull()) {
                return false;
            }
        }
        reserved.addAndGet(Math.max(1, bytes));
        return true;
    }

    boolean isFull() {
        return reserved.get() - written >= maxBytes;
    }

    /** For another thread than the loop's, or before the socket is open. True if the caller has to see to it that {@link #collect} runs. */
    boolean leave(Data.Kind kind, byte[] bytes) {
        left.add(Data.received(kind, bytes, Codec.json()));
        return collecting.compareAndSet(false, true);
    }

    /** Appends what was left. Ends, because what is not flushed stays reserved and {@link #reserve} refuses some time. */
    void collect(Wire wire) {
        if (left.isEmpty() && !collecting.get()) {
            return;
        }
        collecting.set(false);
        for (Data packet = left.poll(); packet != null; packet = left.poll()) {
            append(wire, packet.kind(), packet.bytes());
        }
    }

    void append(Wire wire, Data.Kind kind, byte[] bytes) {
        wire.append(kind, bytes, this);
        chunkReserved += Math.max(1, bytes.length);
    }

    /** Memory for exactly so many more bytes, to be filled at once; what is in it leaves with the next flush. */
    ByteBuf room(int bytes) {
        if (chunk != null && bytes > CHUNK_BYTES - chunk.readableBytes()) {
            handOver(socket.channel());
        }
        if (chunk == null) {
            chunk = socket.channel().alloc().directBuffer(Math.max(bytes, FIRST_BYTES));
        }
        return chunk;
    }

    /** As {@link #room}, for what the socket itself has to say and no {@link #reserve} was asked for. */
    ByteBuf unreservedRoom(int bytes) {
        ByteBuf room = room(bytes);
        reserved.addAndGet(bytes);
        chunkReserved += bytes;
        return room;
    }

    boolean isFlushed() {
        return chunk == null && handedOver == 0;
    }

    void flush() {
        var channel = socket.channel();
        if (chunk != null) {
            handOver(channel);
        }
        if (handedOver == 0) {
            return;
        }
        long share = handedOver;
        handedOver = 0;
        channel.flush();
        var waiting = channel.unsafe().outboundBuffer();
        if (waiting == null || waiting.totalPendingWriteBytes() == 0) {
            wrote(share);
        } else {
            // Empty, and behind all of it: when this has been written, so has the rest.
            channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(_ -> wrote(share));
        }
    }

    /** Drops what no channel will take any more. */
    void discard() {
        left.clear();
        if (chunk != null) {
            chunk.release();
            chunk = null;
        }
    }

    /** Whether someone was refused, or the socket was clogged, and now there is room again. */
    boolean drained(boolean clogged) {
        boolean drained = (clogged || refused) && reserved.get() - written <= maxBytes / 2;
        if (drained) {
            refused = false;
        }
        return drained;
    }

    private void handOver(Channel channel) {
        var bytes = chunk;
        handedOver += chunkReserved;
        chunk = null;
        chunkReserved = 0;
        var _ = channel.write(bytes, channel.voidPromise());
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // only the loop's thread writes it
    private void wrote(long share) {
        written += share;
        socket.wrote();
    }
}
