package dev.shunt.engine;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The messages of all connections that wait for their handlers, in bytes. While these are too many no further message is
 * cut out of what has come, or inflated: connections that have one are held back, until half of them are gone. Safe for use
 * by any thread.
 */
public final class WaitingMessages {

    private static final long MAX_BYTES = 64 << 20;

    private final long maxBytes;
    private final AtomicLong bytes = new AtomicLong();
    private final Queue<Runnable> heldBack = new ConcurrentLinkedQueue<>();

    /**
     * @param memory what all connections may hold, in bytes; a quarter of it may wait, for what is on its way to a child is
     *     there more than once
     */
    public WaitingMessages(long memory) {
        maxBytes = Math.min(MAX_BYTES, memory / 4);
    }

    void add(int more) {
        bytes.addAndGet(more);
    }

    void remove(int fewer) {
        if (bytes.addAndGet(-fewer) <= maxBytes / 2 && !heldBack.isEmpty()) {
            release();
        }
    }

    boolean isFull() {
        return bytes.get() >= maxBytes;
    }

    /** Runs it when there is room again, soon or now. */
    void whenThereIsRoom(Runnable goOn) {
        heldBack.add(goOn);
        if (bytes.get() <= maxBytes / 2) {
            release(); // the last one may have gone before this came
        }
    }

    private void release() {
        for (Runnable next = heldBack.poll(); next != null; next = heldBack.poll()) {
            next.run();
        }
    }
}
