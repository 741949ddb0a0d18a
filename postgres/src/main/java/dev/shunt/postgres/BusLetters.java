package dev.shunt.postgres;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Messages for other nodes that are not written yet, in their order. Each has a number, also one for which there is no room: so
 * those who miss it notice. Safe for use by any thread.
 */
final class BusLetters {

    static final int MOST = 10_000;

    static final long MOST_BYTES = Math.min(64L << 20, Runtime.getRuntime().maxMemory() / 16);

    /** In one transaction. */
    private static final int AT_ONCE = 500;

    private static final long BYTES_AT_ONCE = 1 << 20;

    /** @param to a node, or {@link #ALL} */
    record Letter(int to, long number, byte[] body) {}

    static final int ALL = 0;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final ArrayDeque<Letter> waiting = new ArrayDeque<>();
    private final Map<Integer, Long> numbers = new HashMap<>();
    private long bytes;
    private long settled;
    private boolean writing;
    private boolean closed;

    /** False if there is no room, or {@code refused}. */
    boolean add(int to, byte[] body, boolean refused) {
        lock.lock();
        try {
            long number = numbers.merge(to, 1L, Long::sum);
            if (refused || closed || waiting.size() >= MOST || bytes + body.length > MOST_BYTES) {
                return false;
            }
            waiting.add(new Letter(to, number, body));
            bytes += body.length;
            changed.signal();
            return true;
        } finally {
            lock.unlock();
        }
    }

    boolean isHalfEmpty() {
        lock.lock();
        try {
            return waiting.size() < MOST / 2 && bytes < MOST_BYTES / 2;
        } finally {
            lock.unlock();
        }
    }

    /** Waits for something to write, and takes as much as fits in one transaction; nothing if it is closed and empty. */
    List<Letter> take() {
        lock.lock();
        try {
            while (waiting.isEmpty() && !closed) {
                changed.awaitUninterruptibly();
            }
            var batch = new ArrayList<Letter>(Math.min(waiting.size(), AT_ONCE));
            for (long taken = 0; !waiting.isEmpty() && batch.size() < AT_ONCE && taken < BYTES_AT_ONCE; ) {
                var letter = waiting.remove();
                taken += letter.body().length;
                batch.add(letter);
            }
            writing = !batch.isEmpty();
            return batch;
        } finally {
            lock.unlock();
        }
    }

    /** They are written, or dropped. */
    void settled(List<Letter> batch) {
        lock.lock();
        try {
            writing = false;
            for (var letter : batch) {
                bytes -= letter.body().length;
                if (letter.to() == ALL) {
                    settled = letter.number();
                }
            }
        } finally {
            lock.unlock();
        }
    }

    /** Of those for all, the number up to which none is to come. */
    long settled() {
        lock.lock();
        try {
            if (waiting.isEmpty() && !writing) {
                settled = numbers.getOrDefault(ALL, 0L); // those that were dropped, too: it never goes back
            }
            return settled;
        } finally {
            lock.unlock();
        }
    }

    /** Nothing of what waits is written any more; how much that is. */
    int clear() {
        lock.lock();
        try {
            int cleared = waiting.size();
            waiting.forEach(letter -> bytes -= letter.body().length);
            waiting.clear();
            return cleared;
        } finally {
            lock.unlock();
        }
    }

    void close() {
        lock.lock();
        try {
            closed = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
