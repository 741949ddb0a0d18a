package dev.shunt.engine;

import dev.shunt.process.Serials;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Ids of the tasks that are submitted in this process: above, a number that no other process of the same log ever gets;
 * below, a count of {@link #BITS} bits, after which comes the next number. Every start of a program takes ten numbers
 * or so, every child one, every 16 million tasks one. Ids stay below 2^53, so that JSON and JavaScript have them
 * exactly, for the first 536 million numbers: for 50 million starts, or 9 * 10^15 tasks. Safe for use by any thread.
 */
public final class TaskIds {

    static final int BITS = 24;

    private static final long COUNT = (1L << BITS) - 1;
    private static final long HALF = 1L << (BITS - 1);

    private final Serials numbers;
    private final Runnable half;
    private final AtomicLong next;

    /**
     * @param first number
     * @param numbers gives the further ones
     * @param half called when half of the ids of a number are used
     */
    public TaskIds(long first, Serials numbers, Runnable half) {
        this.next = new AtomicLong(first << BITS);
        this.numbers = numbers;
        this.half = half;
    }

    /** @throws IllegalStateException if no further number has come in time */
    public long next() {
        while (true) {
            long id = next.get();
            boolean last = (id & COUNT) == COUNT;
            if (last ? renewed(id) : next.compareAndSet(id, id + 1)) {
                if ((id & COUNT) == HALF) {
                    half.run();
                }
                return id;
            }
        }
    }

    /** False if another thread has taken that id. */
    private synchronized boolean renewed(long lastOfNumber) {
        if (next.get() != lastOfNumber) {
            return false;
        }
        try {
            next.set(numbers.next() << BITS);
            return true;
        } catch (IOException e) {
            throw new IllegalStateException("no ids for more tasks yet: " + e.getMessage(), e);
        }
    }
}
