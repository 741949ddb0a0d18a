package dev.shunt.netty;

import dev.shunt.data.Data;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * What one socket took for sending and the kernel has not taken yet. Packets gather in a chunk of memory that leaves with
 * one write at the end of the loop's turn. {@link #offer} is for any thread, all else for the loop's; packets of other
 * threads, or from before the socket opened, are left in a queue first.
 *
 * <pre>
 *   offer ──► reserved ──┬─(on the loop)──────────────────────► chunk ──flush──► channel ──► written
 *             full: no   └─(elsewhere)──► left ──collect──────►
 * </pre>
 */
final class Outbox {

    private static final int CHUNK_BYTES = 64 << 10;
    private static final int FIRST_BYTES = 256;

    private final Owner owner;
    private final NettyLoop loop;
    private final int maxBytes;
    private final Queue<Packet> left = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean collecting = new AtomicBoolean();
    private final AtomicLong reserved = new AtomicLong();
    private volatile long written;
    /** Someone was told no, and is to be told when there is room again. */
    private volatile boolean refused;

    private @Nullable Channel channel;
    private @Nullable Format format;
    private @Nullable ByteBuf chunk;
    private long chunkReserved;
    private long handedOver;
    /** As the channel reckons: all that it was ever given. */
    private long handedInAll;
    /** Flushes that the kernel has not taken whole. */
    private int unsentFlushes;

    private boolean congested;
    private boolean flushesLater;

    Outbox(Owner owner, NettyLoop loop, int maxBytes) {
        this.owner = owner;
        this.loop = loop;
        this.maxBytes = maxBytes;
    }

    /** How packets are written. */
    interface Format {

        /** Writes one packet as it travels. */
        void append(Data.Kind kind, byte[] bytes, Outbox out);

        /** As the other one, of a packet for many. */
        default void append(SharedPacket packet, Outbox out) {
            append(packet.kind(), packet.bytes(), out);
        }
    }

    /** Hears, on the loop's thread, when so much waits that the peer is not to be read from. */
    interface Owner {

        void congested();

        /** There is room again, after that or after a refusal. */
        void drained();

        /** So much waits that the kernel does not take now; 0 when it has taken all. */
        void unsent(long bytes);

        /** Memory for what is to be sent cannot be had. */
        void broke(Throwable cause);
    }

    /** Takes a packet unless as much as allowed waits already; so one packet may overshoot. */
    boolean offer(Data.Kind kind, byte[] bytes) {
        if (!reserve(Math.max(1, bytes.length))) {
            return false;
        }
        if (loop.inLoop() && format != null) {
            collect();
            append(format, kind, bytes);
            appended();
        } else {
            leave(new Packet.Single(kind, bytes));
        }
        return true;
    }

    /** As the other one, for one that many sockets are given. */
    boolean offer(SharedPacket packet) {
        if (!reserve(Math.max(1, packet.length()))) {
            return false;
        }
        if (loop.inLoop() && format != null) {
            collect();
            packet.appendTo(format, this);
            appended();
        } else {
            leave(packet);
        }
        return true;
    }

    private void leave(Packet packet) {
        left.add(packet);
        if (collecting.compareAndSet(false, true)) {
            loop.ask(this::collect);
        }
    }

    /** As if {@link #offer} had refused something, by any thread. */
    void tellWhenDrained() {
        refused = true;
        loop.ask(this::lookForRoom); // all may have been written before
    }

    // From here on: the loop's thread only

    void carriedBy(Channel channel) {
        this.channel = channel;
    }

    /** From now on packets are written, those left before first. */
    void opened(Format format) {
        this.format = format;
        collect();
    }

    /** Appends what was left. It ends, since what is not flushed stays reserved, and {@link #offer} refuses some time. */
    void collect() {
        if (format == null || (left.isEmpty() && !collecting.get())) {
            return;
        }
        collecting.set(false);
        for (Packet packet = left.poll(); packet != null; packet = left.poll()) {
            packet.appendTo(format, this);
        }
        appended();
    }

    /** Memory for so many more bytes of a reserved packet, to be filled at once. */
    ByteBuf room(int bytes) {
        if (chunk != null && bytes > CHUNK_BYTES - chunk.readableBytes()) {
            handOver();
        }
        if (chunk == null) {
            chunk = channel().alloc().directBuffer(Math.max(bytes, FIRST_BYTES));
        }
        return chunk;
    }

    /** As {@link #room}, for what the socket itself has to say; {@link #appended} is due after it. */
    ByteBuf ownRoom(int bytes) {
        ByteBuf room = room(bytes);
        reserved.addAndGet(bytes);
        chunkReserved += bytes;
        return room;
    }

    /** Something is in the chunk: flushed with the end of the read that goes on, else at the end of the loop's turn. */
    void appended() {
        if (!congested && isFull()) {
            congested = true;
            owner.congested();
        }
        if (!flushesLater && !isFlushed()) {
            flushesLater = true;
            loop.ask(this::flushLate);
        }
    }

    /** Holds flushes back until {@link #flush}. */
    void holdBack() {
        flushesLater = true;
    }

    void flush() {
        flushesLater = false;
        if (chunk != null) {
            handOver();
        }
        if (handedOver == 0) {
            return;
        }
        long share = handedOver;
        handedOver = 0;
        channel().flush();
        if (pending() == 0) {
            wrote(share);
        } else {
            unsentFlushes++;
            afterAll(() -> {
                unsentFlushes--;
                wrote(share);
                owner.unsent(isStuck() ? waitingBytes() : 0);
            });
            owner.unsent(isStuck() ? waitingBytes() : 0);
        }
    }

    /** Flushes, and goes on when all has been written or nothing can be written any more. */
    void flushThen(Runnable next) {
        flush();
        afterAll(next);
    }

    /** The kernel has been given more than it took. */
    boolean isStuck() {
        return unsentFlushes > 0;
    }

    /** Grows with each byte that the kernel takes. */
    long progress() {
        var waiting = channel().unsafe().outboundBuffer();
        return waiting == null ? 0 : handedInAll - waiting.totalPendingWriteBytes() + waiting.currentProgress();
    }

    /** So much waits that the peer is not to be read from. */
    boolean isCongested() {
        return congested;
    }

    /** The channel is gone. */
    void discard() {
        congested = false;
        left.clear();
        if (chunk != null) {
            chunk.release();
            chunk = null;
        }
    }

    /** Given to the kernel. */
    long writtenBytes() {
        return written;
    }

    /** Taken and not given to the kernel yet. */
    long waitingBytes() {
        return reserved.get() - written;
    }

    private boolean reserve(int bytes) {
        if (isFull()) {
            refused = true;
            // Between the question and the note all may have been written, and nobody would read the note.
            if (isFull()) {
                return false;
            }
        }
        reserved.addAndGet(bytes);
        return true;
    }

    private boolean isFull() {
        return waitingBytes() >= maxBytes;
    }

    private boolean isFlushed() {
        return chunk == null && handedOver == 0;
    }

    /** Packets come here to be written. */
    void append(Format format, Data.Kind kind, byte[] bytes) {
        try {
            format.append(kind, bytes, this);
        } catch (OutOfMemoryError e) { // of this one: whoever sends may be another's handler, or a loop
            owner.broke(e);
        }
        chunkReserved += Math.max(1, bytes.length);
    }

    /** As the other one. */
    void append(Format format, SharedPacket packet) {
        try {
            format.append(packet, this);
        } catch (OutOfMemoryError e) { // see above
            owner.broke(e);
        }
        chunkReserved += Math.max(1, packet.length());
    }

    private void handOver() {
        var bytes = chunk;
        handedOver += chunkReserved;
        chunk = null;
        chunkReserved = 0;
        long before = pending();
        var _ = channel().write(bytes, channel().voidPromise());
        handedInAll += pending() - before;
    }

    /** A handler has handed in so much more, of what it was given to encrypt. */
    void handedIn(long bytes) {
        handedInAll += bytes;
    }

    /** As the channel reckons, with something for each packet. */
    long pending() {
        var waiting = channel().unsafe().outboundBuffer();
        return waiting == null ? 0 : waiting.totalPendingWriteBytes();
    }

    private void flushLate() {
        if (flushesLater) {
            flush();
        }
    }

    /** An empty buffer is written after all else. */
    private void afterAll(Runnable next) {
        long before = pending();
        var written = channel().write(Unpooled.EMPTY_BUFFER);
        handedInAll += pending() - before;
        written.addListener(_ -> next.run());
        channel().flush();
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // only the loop's thread writes it
    private void wrote(long share) {
        written += share;
        lookForRoom();
    }

    private void lookForRoom() {
        if ((congested || refused) && waitingBytes() <= maxBytes / 2) {
            congested = false;
            refused = false;
            loop.ask(owner::drained);
        }
    }

    private Channel channel() {
        return Objects.requireNonNull(channel, "no channel yet");
    }
}
