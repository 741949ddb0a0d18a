package dev.shunt.postgres;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** How long a thread waits before it tries to connect again: 0.1 s at first, 5 s at most. Ends at once when it is closed. */
final class Backoff {

    private static final long FIRST = TimeUnit.MILLISECONDS.toNanos(100);
    private static final long MOST = TimeUnit.SECONDS.toNanos(5);

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition closing = lock.newCondition();
    private long next = FIRST;
    private boolean closed;

    void worked() {
        lock.lock();
        try {
            next = FIRST;
        } finally {
            lock.unlock();
        }
    }

    void await() {
        lock.lock();
        try {
            long left = next;
            next = Math.min(MOST, next * 2);
            while (left > 0 && !closed) {
                left = closing.awaitNanos(left);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            lock.unlock();
        }
    }

    boolean isClosed() {
        lock.lock();
        try {
            return closed;
        } finally {
            lock.unlock();
        }
    }

    void close() {
        lock.lock();
        try {
            closed = true;
            closing.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
