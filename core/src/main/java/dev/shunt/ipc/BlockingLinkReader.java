package dev.shunt.ipc;

import dev.shunt.time.BusyWait;
import dev.shunt.time.Clock;
import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The reading half of a {@link BlockingLink}. One thread reads at a time: the link's own, or, while the link is lent, a
 * guest. A guest that is away for more than {@link #PATIENCE}, because what it has read keeps it busy, has lost its turn to
 * the own thread, which lends the link again when it has read something.
 */
final class BlockingLinkReader {

    private static final Logger LOG = LoggerFactory.getLogger(BlockingLinkReader.class);
    private static final int READ_BYTES = 128 << 10;

    /** How long nobody may read. As long as the link is lent and in use, the own thread looks this often. */
    private static final Duration PATIENCE = Duration.ofMillis(1);

    private enum Turn {
        OWN,
        /** Lent, and free to be taken. */
        NOBODY,
        GUEST
    }

    private final SocketChannel channel;
    private final Selector selector;
    private final Consumer<String> onEnd;
    private final AtomicReference<Turn> turn = new AtomicReference<>(Turn.OWN);
    private volatile boolean lent;
    private volatile boolean closed;
    private volatile @Nullable Thread ownThread;

    /** Changes whenever a guest begins or ends to read. */
    private final AtomicInteger guestSteps = new AtomicInteger();

    /** The own thread has seen a guest wait for long, and sleeps until that one has read something. */
    private volatile boolean dozing;

    // Belong to whose turn it is.
    private final Link link;
    private @Nullable Arrivals<?> arrivals;
    private ByteBuffer in = ByteBuffer.allocateDirect(READ_BYTES);
    private boolean drained;
    private final BusyWait busy = new BusyWait(Clock.system());

    /** @param onEnd called with the reason when nothing more can be read */
    BlockingLinkReader(Link link, SocketChannel channel, Consumer<String> onEnd) throws IOException {
        this.link = link;
        this.channel = channel;
        this.onEnd = onEnd;
        this.selector = Selector.open();
        channel.register(selector, SelectionKey.OP_READ);
    }

    /** Returns when the link is closed. */
    <F extends Frame> void run(FrameDecoder<F> decoder, LinkEvents<F> events) {
        arrivals = new Arrivals<>(decoder, events);
        ownThread = Thread.currentThread();
        events.opened(link);
        while (!closed) {
            read(false);
            if (lent) {
                turn.set(Turn.NOBODY);
                awaitTurn();
            }
        }
    }

    /** Whether guests may read. */
    void lend(boolean toGuests) {
        if (lent != toGuests) {
            lent = toGuests;
        }
    }

    /** See {@link BlockingLink#readAsGuest}. */
    boolean readAsGuest(BooleanSupplier nothingElse) {
        if (!lent || closed) {
            takeBack();
            return false;
        }
        if (!turn.compareAndSet(Turn.NOBODY, Turn.GUEST)) {
            return false;
        }
        guestSteps.incrementAndGet();
        if (nothingElse.getAsBoolean()) {
            read(true);
        }
        guestSteps.incrementAndGet();
        turn.set(Turn.NOBODY);
        if (dozing) {
            LockSupport.unpark(ownThread);
        }
        return true;
    }

    /** The caller is about to wait for a frame, and reads no more: the own thread goes on, unless a guest does. */
    void takeBack() {
        if (turn.compareAndSet(Turn.NOBODY, Turn.OWN)) {
            LockSupport.unpark(ownThread);
        }
    }

    /** Ends the waiting of whoever reads. */
    void wakeUp() {
        selector.wakeup();
    }

    void close() {
        closed = true;
        try {
            channel.close();
            selector.close();
        } catch (IOException e) {
            LOG.debug("closing a link: {}", e.toString());
        }
        LockSupport.unpark(ownThread);
    }

    private void awaitTurn() {
        int seen = guestSteps.get();
        while (!closed && turn.get() != Turn.OWN) {
            LockSupport.parkNanos(this, PATIENCE.toNanos());
            int now = guestSteps.get();
            if (now != seen) {
                seen = now;
            } else if (!turn.compareAndSet(Turn.NOBODY, Turn.OWN)) {
                doze(seen);
            }
        }
    }

    private void doze(int seen) {
        dozing = true;
        while (guestSteps.get() == seen && turn.get() == Turn.GUEST && !closed) {
            LockSupport.park(this);
        }
        dozing = false;
    }

    /** Waits if there was nothing more the last time; the own thread never awake, as slots have work meanwhile. */
    private void read(boolean asGuest) {
        try {
            int room = in.remaining();
            int count = drained ? await(asGuest) : channel.read(in);
            if (count < 0) {
                onEnd.accept("end of stream");
                return;
            }
            drained = count < room;
            deliver(Objects.requireNonNull(arrivals));
        } catch (IOException e) {
            onEnd.accept("reading failed: " + e);
        } catch (BrokenStream e) {
            onEnd.accept("not a frame: " + e.getMessage());
        } catch (RuntimeException | Error e) { // of whoever handles frames; a child that hears nothing more would hang
            if (!closed) {
                LOG.error("a frame could not be handled, its link closes", e);
                onEnd.accept("a frame could not be handled: " + e);
            }
        }
    }

    @SuppressWarnings("ThreadPriorityCheck") // where other threads want this core, they get it
    private int await(boolean asGuest) throws IOException {
        if (!asGuest) {
            return sleep();
        }
        busy.begin();
        int count = 0;
        while (count == 0 && busy.goesOn()) {
            Thread.yield();
            count = channel.read(in);
        }
        if (count == 0) {
            count = sleep();
        }
        busy.end();
        return count;
    }

    private int sleep() throws IOException {
        selector.select();
        selector.selectedKeys().clear();
        // An interrupt means nothing here, and would keep select from waiting.
        Thread.interrupted();
        return channel.read(in);
    }

    private <F extends Frame> void deliver(Arrivals<F> to) {
        in.flip();
        int delivered = 0;
        for (F frame = to.next(in); frame != null && !closed; frame = to.next(in)) {
            to.events().received(link, frame);
            delivered++;
        }
        if (delivered > 0) {
            to.events().receivedAll(link);
        }
        makeRoom();
    }

    private void makeRoom() {
        if (in.position() > 0) {
            in.compact();
        } else {
            in.position(in.limit()).limit(in.capacity());
        }
        if (!in.hasRemaining()) {
            in = ByteBuffer.allocateDirect(Math.multiplyExact(in.capacity(), 2)).put(in.flip());
        } else if (in.position() == 0 && in.capacity() > READ_BYTES) {
            in = ByteBuffer.allocateDirect(READ_BYTES);
        }
    }

    /** What this end receives, and who hears of it. */
    private record Arrivals<F extends Frame>(FrameDecoder<F> decoder, LinkEvents<F> events) {

        @Nullable F next(ByteBuffer in) {
            try {
                return decoder.decode(in);
            } catch (IllegalArgumentException | BufferUnderflowException | IndexOutOfBoundsException e) {
                throw new BrokenStream(e);
            }
        }
    }

    private static final class BrokenStream extends RuntimeException {
        private static final long serialVersionUID = 1;

        BrokenStream(RuntimeException cause) {
            super(cause.toString(), cause);
        }
    }
}
