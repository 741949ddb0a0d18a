package dev.shunt.postgres;

import dev.shunt.time.Clock;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * What has been appended and is not yet being written, in its order. Tasks have room here while the database is away; ends
 * always have, for they are bounded by what was handed out.
 */
final class Inbox {

    /** In one transaction. */
    private static final int MAX_ENTRIES = 500;

    private static final long MAX_BYTES = 8L << 20;

    private record Later(long atNanos, Request request) {}

    private final Clock clock;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final ArrayDeque<Request> waiting = new ArrayDeque<>();
    private final PriorityQueue<Later> later =
            new PriorityQueue<>(Comparator.comparing(Later::atNanos, (a, b) -> Long.signum(a - b)));
    private boolean closed;

    Inbox(Clock clock) {
        this.clock = clock;
    }

    /** False if it is closed. */
    boolean add(Request request) {
        lock.lock();
        try {
            if (closed) {
                return false;
            }
            waiting.add(request);
            changed.signal();
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** Written once more, after its pause; false if it has had its tries, or this is closed. */
    boolean addLater(Request request) {
        lock.lock();
        try {
            if (closed || !request.hasPatience()) {
                return false;
            }
            later.add(new Later(clock.nanoTime() + request.nextPauseNanos(), request));
            return true;
        } finally {
            lock.unlock();
        }
    }

    int size() {
        lock.lock();
        try {
            return waiting.size();
        } finally {
            lock.unlock();
        }
    }

    /** Waits for something to write, and takes as much as fits in one transaction; nothing if it is closed and empty. */
    List<Request> take() {
        lock.lock();
        try {
            for (addDue(); waiting.isEmpty() && !closed; addDue()) {
                var next = later.peek();
                if (next == null) {
                    changed.awaitUninterruptibly();
                } else {
                    var _ = changed.awaitNanos(next.atNanos() - clock.nanoTime());
                }
            }
            var batch = new ArrayList<Request>(Math.min(waiting.size(), MAX_ENTRIES));
            for (long bytes = 0; !waiting.isEmpty() && batch.size() < MAX_ENTRIES && bytes < MAX_BYTES; ) {
                var request = waiting.remove();
                bytes += request.bytes();
                batch.add(request);
            }
            return batch;
        } catch (InterruptedException e) { // by nobody
            throw new IllegalStateException(e);
        } finally {
            lock.unlock();
        }
    }

    private void addDue() {
        for (var next = later.peek();
                next != null && (closed || next.atNanos() - clock.nanoTime() <= 0);
                next = later.peek()) {
            waiting.add(later.remove().request());
        }
    }

    /** What is there now, without waiting. */
    List<Request> takeRest() {
        lock.lock();
        try {
            addDue();
            var rest = List.copyOf(waiting);
            waiting.clear();
            return rest;
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
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
