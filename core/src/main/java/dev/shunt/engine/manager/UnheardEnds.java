package dev.shunt.engine.manager;

import dev.shunt.data.Data;
import dev.shunt.log.Log;
import dev.shunt.timer.Loop;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiConsumer;
import org.slf4j.Logger;

/**
 * Results of tasks that are over, and to which the slot that asked has not come. While there are too many bytes of one slot's,
 * further tasks that it has asked for do not begin; others do. Added to on the main loop, heard of on any thread.
 */
final class UnheardEnds {

    /** Of one slot. */
    static final long MAX_BYTES = Math.min(64L << 20, Runtime.getRuntime().maxMemory() / 16);

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

        private boolean isHalfEmpty() {
            return bytes.get() <= MAX_BYTES / 2;
        }
    }

    private final Loop loop;
    private final BiConsumer<Object, Boolean> hold;
    private final Map<Object, Unheard> byAsker = new HashMap<>();

    /** @param hold what this one has asked for does not begin from now on, or does again */
    UnheardEnds(Loop loop, BiConsumer<Object, Boolean> hold) {
        this.loop = loop;
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
        if (unheard.bytes.addAndGet(bytes) > MAX_BYTES && !unheard.held) {
            unheard.held = true;
            loop.execute(() -> hold(unheard));
        }
        return () -> heard(unheard, bytes);
    }

    private void hold(Unheard unheard) {
        unheard.held = true; // again, if it was let on before it came to this
        if (unheard.isHalfEmpty()) {
            unheard.held = false;
            return;
        }
        if (!unheard.named) {
            unheard.named = true;
            LOG.warn(
                    "worker {} is busy, and {} MiB of results wait for it: what it has asked for waits until it has heard half"
                            + " of them",
                    unheard.slot,
                    unheard.bytes.get() >> 20);
        }
        hold.accept(unheard.asker, true);
    }

    private void heard(Unheard unheard, long bytes) {
        long left = unheard.bytes.addAndGet(-bytes);
        boolean crosses = left <= MAX_BYTES / 2 && left + bytes > MAX_BYTES / 2;
        if (crosses && unheard.held) {
            loop.execute(() -> letOn(unheard));
        }
    }

    private void letOn(Unheard unheard) {
        unheard.held = false;
        hold.accept(unheard.asker, false);
    }
}
