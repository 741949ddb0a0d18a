package dev.shunt.sqlite;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * What has been appended and is not yet being written, in its order. Has no bound of its own: an append must not wait,
 * and to refuse a task's end would run it twice. It is bounded by the tasks that the engine accepts, each of which has
 * an entry or two here at a time. The lock is held for moving references, never while anything is written.
 */
final class Inbox {

    private static final int MAX_ENTRIES = 1_024;
    private static final long MAX_BYTES = 16L << 20;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final ArrayDeque<Request> waiting = new ArrayDeque<>();
    private boolean idle;
    private volatile boolean closed;

    /** False if it is closed. */
    boolean add(Request request) {
        lock.lock();
        try {
            if (closed) {
                return false;
            }
            waiting.add(request);
            wake();
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** Waits for something to write, and takes as much as fits in one transaction; nothing if it is closed and empty. */
    List<Request> take() {
        lock.lock();
        try {
            while (waiting.isEmpty() && !closed) {
                idle = true;
                changed.awaitUninterruptibly();
            }
            idle = false;
            var batch = new ArrayList<Request>(Math.min(waiting.size(), MAX_ENTRIES));
            for (long bytes = 0; !waiting.isEmpty() && batch.size() < MAX_ENTRIES && bytes < MAX_BYTES; ) {
                var request = waiting.remove();
                bytes += request.bytes();
                batch.add(request);
            }
            return batch;
        } finally {
            lock.unlock();
        }
    }

    boolean isClosed() {
        return closed;
    }

    void close() {
        lock.lock();
        try {
            closed = true;
            wake();
        } finally {
            lock.unlock();
        }
    }

    private void wake() {
        if (idle) {
            idle = false;
            changed.signal();
        }
    }
}
