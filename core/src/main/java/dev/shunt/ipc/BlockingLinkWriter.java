package dev.shunt.ipc;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The writing half of a {@link BlockingLink}. Frames gather in one buffer while another is written: whoever flushes
 * first writes for all, later ones return at once and their frames go with the next batch. A thread writes for others
 * {@link #BATCHES} times at most, and never waits for the socket: then a thread of the link's own takes over, so that
 * no slot is kept from its work and no frame waits for a slot. For those who do not flush, that thread writes what has
 * gathered, every {@link #SOON} as long as something does.
 */
final class BlockingLinkWriter {

    private static final Logger LOG = LoggerFactory.getLogger(BlockingLinkWriter.class);

    /** Batches that one call of {@link #flush} writes before the link's own thread goes on. */
    private static final int BATCHES = 2;

    /** As long as a frame may wait for others to be written with it; some times the cost of a wake-up. */
    private static final Duration SOON = Duration.ofNanos(100_000);

    private static final int CHUNK_BYTES = 64 << 10;

    private final SocketChannel channel;
    private final Runnable onFailure;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition room = lock.newCondition();
    private final Condition turn = lock.newCondition();

    // Written under the lock only.
    private FrameBuffer gathering = new FrameBuffer();
    private boolean writing;
    private boolean handedOver;
    private boolean askedSoon;
    private boolean writesSoon;
    private volatile boolean closed;
    private @Nullable Thread ownThread;

    /** Set before the own thread looks at closed, read after closed is set: one of the two sees the other. */
    private volatile @Nullable Selector writable;

    // Belong to whoever set writing.
    private FrameBuffer batch = new FrameBuffer();
    private int written;
    private final ByteBuffer chunk = ByteBuffer.allocateDirect(CHUNK_BYTES);

    BlockingLinkWriter(SocketChannel channel, Runnable onFailure) {
        this.channel = channel;
        this.onFailure = onFailure;
    }

    void send(Frame frame) {
        lock.lock();
        try {
            while (gathering.length() > BlockingLink.MAX_WAITING_BYTES && !closed) {
                if (writing) {
                    room.awaitUninterruptibly();
                } else {
                    beginBatch();
                    handOver();
                }
            }
            if (!closed) {
                gathering.append(frame);
            }
        } finally {
            lock.unlock();
        }
    }

    void flush() {
        if (!claim()) {
            return;
        }
        try {
            for (int batches = 0; batches < BATCHES && writeBatch(); batches++) {
                if (!nextBatch()) {
                    return;
                }
            }
            lock.lock();
            try {
                handOver();
            } finally {
                lock.unlock();
            }
        } catch (IOException e) {
            fail(e);
        }
    }

    void flushSoon() {
        lock.lock();
        try {
            askedSoon = askedSoon || !gathering.isEmpty();
            if (askedSoon && !writesSoon && !closed) {
                wakeOwnThread();
                writesSoon = true;
            }
        } finally {
            lock.unlock();
        }
    }

    boolean flushAll(Duration atMost) {
        flush();
        lock.lock();
        try {
            long left = atMost.toNanos();
            while (writing && !closed && left > 0) {
                left = room.awaitNanos(left);
            }
            return !writing && !closed;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } finally {
            lock.unlock();
        }
    }

    void close() {
        lock.lock();
        try {
            closed = true;
            room.signalAll();
            turn.signalAll();
        } finally {
            lock.unlock();
        }
        var selector = writable;
        if (selector != null) {
            selector.wakeup();
        }
    }

    /** Whether the caller is now the one that writes. */
    private boolean claim() {
        lock.lock();
        try {
            if (writing || closed || gathering.isEmpty()) {
                return false;
            }
            beginBatch();
            return true;
        } finally {
            lock.unlock();
        }
    }

    private void beginBatch() {
        var full = gathering;
        gathering = batch;
        batch = full;
        written = 0;
        writing = true;
    }

    /** Whether there is more to write; if not, the caller no longer is the one that writes. */
    private boolean nextBatch() {
        lock.lock();
        try {
            batch.clear();
            writing = !gathering.isEmpty() && !closed;
            if (writing) {
                beginBatch();
            }
            room.signalAll();
            return writing;
        } finally {
            lock.unlock();
        }
    }

    /** Whether all of the batch is written; if not, the socket takes no more at present. */
    private boolean writeBatch() throws IOException {
        while (written < batch.length()) {
            int size = Math.min(CHUNK_BYTES, batch.length() - written);
            chunk.clear().put(batch.bytes(), written, size).flip();
            int count = channel.write(chunk);
            if (count == 0) {
                return false;
            }
            written += count;
        }
        return true;
    }

    private void handOver() {
        handedOver = true;
        wakeOwnThread();
    }

    private void wakeOwnThread() {
        if (ownThread == null) {
            ownThread = Thread.ofPlatform().daemon().name("shunt-link-writer").start(this::writeForAll);
        }
        turn.signal();
    }

    /** Until the own thread has a batch to write; false when there will be none. */
    private boolean awaitTurn() {
        lock.lock();
        try {
            while (!handedOver && !closed) {
                if (!writesSoon) {
                    turn.awaitUninterruptibly();
                } else if (askedSoon) {
                    askedSoon = false;
                    awaitSoon();
                } else {
                    writesSoon = false;
                }
            }
            handedOver = false;
            return !closed;
        } finally {
            lock.unlock();
        }
    }

    private void awaitSoon() {
        try {
            long left = SOON.toNanos();
            while (left > 0 && !handedOver && !closed) {
                left = turn.awaitNanos(left);
            }
        } catch (InterruptedException e) {
            // Nobody interrupts this thread; if somebody did, it would write a little earlier.
        }
        if (!writing && !closed && !gathering.isEmpty()) {
            beginBatch();
            handedOver = true;
        }
    }

    private void writeForAll() {
        try (var selector = Selector.open()) {
            channel.register(selector, SelectionKey.OP_WRITE);
            writable = selector;
            while (awaitTurn()) {
                do {
                    while (!writeBatch()) {
                        awaitWritable(selector);
                    }
                } while (nextBatch());
            }
        } catch (IOException e) {
            fail(e);
        }
    }

    private void awaitWritable(Selector selector) throws IOException {
        if (closed) {
            throw new ClosedChannelException();
        }
        selector.select();
        selector.selectedKeys().clear();
    }

    private void fail(IOException cause) {
        if (!closed) {
            LOG.debug("writing to a link failed, it closes: {}", cause.toString());
            onFailure.run();
        }
    }
}
