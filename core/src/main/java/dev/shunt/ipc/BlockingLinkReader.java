package dev.shunt.ipc;

import dev.shunt.log.Log;
import dev.shunt.time.BusyWait;
import dev.shunt.time.Clock;
import java.io.IOException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/**
 * The reading half of a {@link BlockingLink}: whoever holds the {@link ReadToken} waits for the socket and hands over what
 * comes. While the link is lent, the owner offers the token after each read. A borrower that is away for more than
 * {@link #PATIENCE}, because what it has read keeps it busy, finds the owner reading, which lends the link again when it
 * has read something.
 */
final class BlockingLinkReader {

    private static final Logger LOG = Log.of(BlockingLinkReader.class);

    /** How long nobody may read. As long as the link is lent and in use, the owner looks this often. */
    private static final Duration PATIENCE = Duration.ofMillis(1);

    private final SocketChannel channel;
    private final Selector selector;
    private final Consumer<String> onEnd;
    private final ReadToken token = new ReadToken();
    private volatile boolean lent;
    private volatile boolean closed;
    private volatile @Nullable Thread owner;

    // Belong to whoever holds the token.
    private final Link link;
    private final FrameInput input;
    private final BusyWait busy = new BusyWait(Clock.system());
    private @Nullable Arrivals<?> arrivals;

    /** @param onEnd called with the reason when nothing more can be read */
    BlockingLinkReader(Link link, SocketChannel channel, Consumer<String> onEnd) throws IOException {
        this.link = link;
        this.channel = channel;
        this.onEnd = onEnd;
        this.input = new FrameInput(channel);
        this.selector = Selector.open();
        channel.register(selector, SelectionKey.OP_READ);
    }

    /** The calling thread is the owner. Returns when the link is closed. */
    <F extends Frame> void run(FrameDecoder<F> decoder, LinkEvents<F> events) {
        arrivals = new Arrivals<>(decoder, events);
        owner = Thread.currentThread();
        events.opened(link);
        while (!closed) {
            read(false);
            if (lent) {
                token.offer();
                awaitToken();
            }
        }
    }

    /** Whether others than the owner may read. */
    void lend(boolean toOthers) {
        if (lent != toOthers) {
            lent = toOthers;
        }
    }

    /** See {@link BlockingLink#readIfLent}. */
    boolean readIfLent(BooleanSupplier nothingElse) {
        if (!lent || closed) {
            recall();
            return false;
        }
        if (!token.tryBorrow()) {
            return false;
        }
        if (nothingElse.getAsBoolean()) {
            read(true);
        }
        if (token.giveBack()) {
            LockSupport.unpark(owner);
        }
        return true;
    }

    /** The caller is about to wait for a frame, and reads no more: the owner goes on, unless a borrower does. */
    void recall() {
        if (token.recall()) {
            LockSupport.unpark(owner);
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
        LockSupport.unpark(owner);
    }

    private void awaitToken() {
        long seen = token.look();
        while (!closed && !ReadToken.isOwned(seen)) {
            LockSupport.parkNanos(this, PATIENCE.toNanos());
            long now = token.look();
            if (now != seen) {
                seen = now;
            } else if (token.reclaim(seen)) {
                return;
            } else if (token.awaitReturn(seen)) {
                sleepWhileAwaited();
            }
        }
    }

    private void sleepWhileAwaited() {
        while (token.isAwaited() && !closed) {
            LockSupport.park(this);
        }
    }

    private void read(boolean borrowed) {
        try {
            int count = input.isDrained() ? await(borrowed) : input.read();
            if (count < 0) {
                onEnd.accept("end of stream");
            } else if (count > 0) {
                deliver(Objects.requireNonNull(arrivals));
            }
        } catch (IOException e) {
            onEnd.accept("reading failed: " + e);
        } catch (FrameInput.BrokenStream e) {
            onEnd.accept("not a frame: " + e.getMessage());
        } catch (RuntimeException | Error e) { // of whoever handles frames; a child that hears nothing more would hang
            if (!closed) {
                LOG.error("a frame could not be handled, its link closes", e);
                onEnd.accept("a frame could not be handled: " + e);
            }
        }
    }

    /** The owner never waits awake, as slots have work meanwhile. */
    @SuppressWarnings("ThreadPriorityCheck") // where other threads want this core, they get it
    private int await(boolean borrowed) throws IOException {
        if (!borrowed) {
            return sleep();
        }
        busy.begin();
        int count = 0;
        while (count == 0 && busy.goesOn()) {
            Thread.yield();
            count = input.read();
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
        return input.read();
    }

    private <F extends Frame> void deliver(Arrivals<F> to) {
        int delivered = 0;
        for (F frame = input.next(to.decoder()); frame != null && !closed; frame = input.next(to.decoder())) {
            to.events().received(link, frame);
            delivered++;
        }
        if (delivered > 0) {
            to.events().receivedAll(link);
        }
    }

    /** What this end receives, and who hears of it. */
    private record Arrivals<F extends Frame>(FrameDecoder<F> decoder, LinkEvents<F> events) {}
}
