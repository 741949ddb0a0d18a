package dev.shunt.engine.manager;

import dev.shunt.log.Log;
import dev.shunt.stats.Stats;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import org.slf4j.Logger;

/** Datagrams of all listeners, in numbers; and how many wait for a slot, of which there may be so many. Any thread. */
final class PacketCounts {

    private static final Logger LOG = Log.of(PacketCounts.class);

    private final LongAdder received = new LongAdder();
    private final LongAdder dropped = new LongAdder();
    private final LongAdder unsent = new LongAdder();
    private final List<LongSupplier> system = new CopyOnWriteArrayList<>();
    private final AtomicInteger waiting = new AtomicInteger();

    void received() {
        received.increment();
    }

    void unsent() {
        unsent.increment();
    }

    void dropped() {
        dropped.increment();
    }

    /** Whether one more may wait; if not, it is counted as dropped. The first of a row is said in the log. */
    boolean takes(int max, Object listener) {
        int now = waiting.incrementAndGet();
        if (now <= max) {
            return true;
        }
        waiting.decrementAndGet();
        if (dropped.sum() == 0) {
            LOG.warn(
                    "{}: {} datagrams wait for their handler (maxWaitingPackets): more are dropped, and counted in"
                            + " stats()",
                    listener,
                    max);
        }
        dropped.increment();
        return false;
    }

    void over() {
        waiting.decrementAndGet();
    }

    /** Before anything is received. */
    void asks(LongSupplier ofOneSocket) {
        system.add(ofOneSocket);
    }

    Stats.Packets now() {
        long bySystem = system.stream().mapToLong(LongSupplier::getAsLong).sum();
        return new Stats.Packets(received.sum(), dropped.sum(), unsent.sum(), waiting.get(), bySystem);
    }
}
