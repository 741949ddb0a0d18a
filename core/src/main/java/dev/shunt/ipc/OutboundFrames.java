package dev.shunt.ipc;

import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Frames on their way out of a {@link BlockingLink}, and who writes them. They gather in one buffer while another, the
 * batch, is being written; what gathers while there is a {@link Writer} is that one's to write, or to hand over. Any
 * thread sends. {@link #lock} guards all of it but the batch, which is its writer's. Once closed, nobody waits and
 * nothing is kept.
 *
 * <pre>
 *                claim                handOver                 awaitBatch
 *   NOBODY ──────────────► SENDER ──────────────► HANDED_OVER ────────────► THREAD
 *     ▲ │                    │ ▲ next: more         ▲                        │ ▲ next: more
 *     │ │                    │ └─┘ has gathered     │                        │ └─┘ has gathered
 *     │ └────────────────────┼──────────────────────┘                        │
 *     │     append: no room; │ the moment of flushSoon is over               │
 *     └──────────────────────┴───────────────────────────────────────────────┘
 *                        next: nothing has gathered
 * </pre>
 */
final class OutboundFrames {

    /** How much may gather before {@link #append} makes its caller wait. */
    static final int MAX_WAITING_BYTES = 4 << 20;

    /** As long as a frame may wait for others to be written with it; some times the cost of a wake-up. */
    private static final Duration SOON = Duration.ofNanos(100_000);

    /** Who writes the batch. */
    enum Writer {
        NOBODY,
        /** A thread that sends: it never waits for the socket. */
        SENDER,
        /** The link's own thread, which has been woken and does not write yet. */
        HANDED_OVER,
        /** The link's own thread. */
        THREAD
    }

    /** What the link's own thread knows of {@link #flushSoon}, while it has no batch. */
    private enum Soon {
        /** Nobody has asked since it began to sleep. */
        SLEEPS,
        /** Somebody has asked: it will wait for a moment, and then write what has gathered. */
        ASKED,
        /** It waits for that moment; who asks now is heard before it sleeps. */
        LISTENS
    }

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition room = lock.newCondition();
    private final Condition turn = lock.newCondition();
    private final Runnable startThread;

    // Written under the lock only, as all here that are volatile.
    private FrameBuffer gathering = new FrameBuffer();
    private FrameBuffer batch = new FrameBuffer();
    private Writer writer = Writer.NOBODY;
    private volatile Soon soon = Soon.SLEEPS;
    private boolean threadStarted;
    private volatile boolean closed;

    /** @param startThread called once, with the lock held, before the first batch for {@link #awaitBatch} */
    OutboundFrames(Runnable startThread) {
        this.startThread = startThread;
    }

    void limit(int maxFrameBytes) {
        lock.lock();
        try {
            gathering.limit(maxFrameBytes);
            batch.limit(maxFrameBytes);
        } finally {
            lock.unlock();
        }
    }

    /** Waits while there is no room. Dropped if closed. */
    void append(Frame frame) {
        lock.lock();
        try {
            while (gathering.length() > MAX_WAITING_BYTES && !closed) {
                if (writer == Writer.NOBODY) {
                    begin(Writer.HANDED_OVER);
                    wakeThread();
                } else {
                    room.awaitUninterruptibly();
                }
            }
            if (!closed) {
                gathering.append(frame);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Whether the caller now has a batch to write. If not, there is nothing, or somebody writes who will see it. */
    boolean claim() {
        lock.lock();
        try {
            if (writer != Writer.NOBODY || closed || gathering.isEmpty()) {
                return false;
            }
            begin(Writer.SENDER);
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** For its writer. */
    FrameBuffer batch() {
        return batch;
    }

    /** The batch is written: whether there is another for its writer, which else is no longer the writer. */
    boolean next() {
        lock.lock();
        try {
            batch.clear();
            if (gathering.isEmpty() || closed) {
                writer = Writer.NOBODY;
            } else {
                begin(writer);
            }
            room.signalAll();
            return writer != Writer.NOBODY;
        } finally {
            lock.unlock();
        }
    }

    /** The sender writes no more; the thread in {@link #awaitBatch} goes on with what is left of the batch. */
    void handOver() {
        lock.lock();
        try {
            writer = Writer.HANDED_OVER;
            wakeThread();
        } finally {
            lock.unlock();
        }
    }

    /** Has the thread in {@link #awaitBatch} write what has gathered, after a moment in which more may come. */
    void flushSoon() {
        if (soon == Soon.ASKED) {
            return; // what this thread has sent has gathered, and is there when that moment is over
        }
        lock.lock();
        try {
            if (gathering.isEmpty() || closed) {
                return;
            }
            if (soon == Soon.SLEEPS) {
                wakeThread();
            }
            soon = Soon.ASKED;
        } finally {
            lock.unlock();
        }
    }

    /** On the link's own thread, until it has a batch to write; false when there will be none. */
    boolean awaitBatch() {
        lock.lock();
        try {
            while (writer != Writer.HANDED_OVER && !closed) {
                switch (soon) {
                    case SLEEPS -> turn.awaitUninterruptibly();
                    case ASKED -> awaitMoment();
                    case LISTENS -> soon = Soon.SLEEPS;
                }
            }
            if (closed) {
                return false;
            }
            writer = Writer.THREAD;
            return true;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Waits until nobody writes any more, which after {@link #claim} or {@link #next} said no means that all is
     * written.
     */
    boolean awaitWritten(Duration atMost) {
        lock.lock();
        try {
            long left = atMost.toNanos();
            while (writer != Writer.NOBODY && !closed && left > 0) {
                left = room.awaitNanos(left);
            }
            return writer == Writer.NOBODY && !closed;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } finally {
            lock.unlock();
        }
    }

    /** Lets everybody go who waits here. */
    void close() {
        lock.lock();
        try {
            closed = true;
            room.signalAll();
            turn.signalAll();
        } finally {
            lock.unlock();
        }
    }

    boolean isClosed() {
        return closed;
    }

    private void begin(Writer by) {
        var full = gathering;
        gathering = batch;
        batch = full;
        writer = by;
    }

    private void wakeThread() {
        if (!threadStarted) {
            startThread.run();
            threadStarted = true;
        }
        turn.signal();
    }

    private void awaitMoment() {
        soon = Soon.LISTENS;
        try {
            long left = SOON.toNanos();
            while (left > 0 && writer != Writer.HANDED_OVER && !closed) {
                left = turn.awaitNanos(left);
            }
        } catch (InterruptedException e) {
            // Nobody interrupts this thread; if somebody did, it would write a little earlier.
        }
        if (writer == Writer.NOBODY && !closed && !gathering.isEmpty()) {
            begin(Writer.HANDED_OVER);
        }
    }
}
