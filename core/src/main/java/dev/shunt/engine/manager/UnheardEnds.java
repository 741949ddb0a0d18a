package dev.shunt.engine.manager;

import dev.shunt.data.Data;
import dev.shunt.log.Log;
import dev.shunt.timer.Loop;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BiConsumer;
import org.slf4j.Logger;

/**
 * Results of tasks that are over, and to which the slot that asked has not come. While there are too many bytes of one slot's,
 * further tasks that it has asked for do not begin; others do. Added to on the main loop, heard of on any thread.
 */
final class UnheardEnds {

    private static final Logger LOG = Log.of(UnheardEnds.class);

    /** What a result takes in memory beside its data. */
    private static final int OVERHEAD = 256;

    private static final class Unheard {
        private final Object asker;
        private final int slot;
        private final AtomicLong bytes = new AtomicLong();

        private volatile boolean held;

        private boolean named;

        private Unheard(Object asker, int slot) {
            this.asker = asker;
            this.slot = slot;
        }

        private boolean isHalfEmpty(long max) {
            return bytes.get() <= max / 2;
        }
    }

    private final Loop loop;
    private final long maxBytes;
    private final LongAdder all = new LongAdder();
    private final BiConsumer<Object, Boolean> hold;
    private final Map<Object, Unheard> byAsker = new HashMap<>();

    /**
     * @param maxBytes of one slot
     * @param hold what this one has asked for does not begin from now on, or does again
     */
    UnheardEnds(Loop loop, long maxBytes, BiConsumer<Object, Boolean> hold) {
        this.loop = loop;
        this.maxBytes = maxBytes;
        this.hold = hold;
    }

    /** @return to be run once it is heard, by any thread */
    Runnable add(TaskItem task, Data result) {
        Object asker = task.origin().asker();
        if (asker == null) {
            return () -> {};
        }
        var unheard = byAsker.computeIfAbsent(asker, key -> new Unheard(key, task.source()));
        long bytes = OVERHEAD + (long) result.size();
        all.add(bytes);
        if (unheard.bytes.addAndGet(bytes) > maxBytes && !unheard.held) {
            unheard.held = true;
            loop.execute(() -> hold(unheard));
        }
        return () -> heard(unheard, bytes);
    }

    /** Of all slots. Any thread. */
    long bytes() {
        return all.sum();
    }

    private void hold(Unheard unheard) {
        unheard.held = true; // again, if it was let on before it came to this
        if (unheard.isHalfEmpty(maxBytes)) {
            unheard.held = false;
            return;
        }
        if (!unheard.named) {
            unheard.named = true;
            LOG.warn(
                    "worker {} is busy, and {} bytes of results wait for it (maxResultBytes): what it has asked for waits until"
                            + " it has heard half of them",
                    unheard.slot,
                    unheard.bytes.get());
        }
        hold.accept(unheard.asker, true);
    }

    private void heard(Unheard unheard, long bytes) {
        all.add(-bytes);
        long left = unheard.bytes.addAndGet(-bytes);
        boolean crosses = left <= maxBytes / 2 && left + bytes > maxBytes / 2;
        if (crosses && unheard.held) {
            loop.execute(() -> letOn(unheard));
        }
    }

    private void letOn(Unheard unheard) {
        unheard.held = false;
        hold.accept(unheard.asker, false);
    }
}
