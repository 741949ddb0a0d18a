package dev.shunt.netty;

import dev.shunt.bus.Bus;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongPredicate;

/**
 * Ids of accepted connections: they count from 1, and on a node of a fleet its number stands above {@link #COUNT_BITS} bits of
 * that count. Once these are used up it begins again, without ids that are open. Below 2^43, and those of requests, which are
 * {@code 2^20} times as large, below 2^63. Safe for use by any thread.
 */
public final class ConnectionIds {

    static final int COUNT_BITS = 28;

    private static final long COUNT = (1L << COUNT_BITS) - 1;

    private final AtomicLong taken;
    private volatile long above;
    private volatile LongPredicate isOpen = _ -> false;

    ConnectionIds() {
        this(0);
    }

    ConnectionIds(long taken) {
        this.taken = new AtomicLong(taken);
    }

    /** Of the node that has accepted it; 0 if that was a program without others. */
    public static int nodeOf(long id) {
        long node = id >> COUNT_BITS;
        return node > 0 && node < 1L << Bus.NODE_BITS ? (int) node : 0;
    }

    /** Before any is taken. */
    void of(int node, LongPredicate open) {
        isOpen = open;
        above = (long) node << COUNT_BITS;
    }

    long next() {
        return take(1);
    }

    /** The first of so many. */
    long take(int count) {
        while (true) {
            long first = taken.getAndAdd(count) + 1;
            if (above == 0) {
                return first;
            }
            long below = first & COUNT;
            if (below + count <= COUNT && (first == below || areFree(above | below, count))) {
                return above | below;
            }
        }
    }

    private boolean areFree(long first, int count) {
        for (long id = first; id < first + count; id++) {
            if (isOpen.test(id)) {
                return false;
            }
        }
        return true;
    }
}
