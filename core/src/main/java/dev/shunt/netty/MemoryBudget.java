package dev.shunt.netty;

import io.netty.util.internal.PlatformDependent;
import java.util.Comparator;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/**
 * How much all sockets of a process may hold together: of messages that are not whole yet, and of what waits to be sent.
 * Above it the socket that holds most is cut, by name, until the rest fits; no other is touched. Safe for use by any
 * thread; costs nothing for a socket that holds nothing.
 */
public final class MemoryBudget {

    static {
        NettyProperties.set();
    }

    private final long limit;
    private final AtomicLong held = new AtomicLong();
    private final LongAdder evicted = new LongAdder();
    private final Set<SocketMemory> holders = ConcurrentHashMap.newKeySet();

    private MemoryBudget(long limit) {
        this.limit = limit;
    }

    /** So many bytes, but no more than half of the direct memory that Netty may take: what waits to be sent is there. */
    public static MemoryBudget of(long bytes) {
        return new MemoryBudget(Math.min(bytes, PlatformDependent.maxDirectMemory() / 2));
    }

    /** In bytes. */
    public long limit() {
        return limit;
    }

    /** Bytes held now. */
    public long held() {
        return held.get();
    }

    /** How many sockets were cut because all together held too much. */
    public long evicted() {
        return evicted.sum();
    }

    void joined(SocketMemory holder) {
        holders.add(holder);
    }

    void left(SocketMemory holder) {
        holders.remove(holder);
    }

    /** What a holder has changed by. Not while it is locked. */
    void changed(long bytes) {
        long now = held.addAndGet(bytes);
        if (bytes > 0 && now > limit) {
            evict();
        }
    }

    private synchronized void evict() {
        while (held.get() > limit) {
            var largest = holders.stream().max(Comparator.comparingLong(SocketMemory::bytes));
            if (largest.isEmpty() || largest.get().bytes() == 0) {
                return;
            }
            long bytes = largest.get().evicted();
            holders.remove(largest.get());
            held.addAndGet(-bytes);
            evicted.increment();
            largest.get().cut(bytes, limit);
        }
    }
}
