package dev.shunt.postgres;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
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

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final ArrayDeque<Request> waiting = new ArrayDeque<>();
    private boolean closed;

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
            while (waiting.isEmpty() && !closed) {
                changed.awaitUninterruptibly();
            }
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

    /** What is there now, without waiting. */
    List<Request> takeRest() {
        lock.lock();
        try {
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
