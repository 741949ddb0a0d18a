package dev.shunt.engine.manager;

import dev.shunt.fatal.FatalErrors;
import dev.shunt.log.Log;
import dev.shunt.timer.Loop;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;

/** What other threads have for the main loop, many in one of its turns, in their order. */
final class LoopInbox {

    private static final Logger LOG = Log.of(LoopInbox.class);

    private final Loop loop;
    private final Runnable heard;
    private final Queue<Runnable> waiting = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean toBeHeard = new AtomicBoolean();

    /** @param heard called on the loop after each turn */
    LoopInbox(Loop loop, Runnable heard) {
        this.loop = loop;
        this.heard = heard;
    }

    /** From any thread. */
    void add(Runnable next) {
        waiting.add(next);
        if (toBeHeard.compareAndSet(false, true)) {
            try {
                loop.execute(this::hear);
            } catch (RejectedExecutionException e) {
                LOG.debug("the loop has ended", e);
            }
        }
    }

    private void hear() {
        toBeHeard.set(false);
        for (Runnable next = waiting.poll(); next != null; next = waiting.poll()) {
            try {
                next.run();
            } catch (RuntimeException | Error e) { // others are heard all the same
                FatalErrors.letOn(e);
                LOG.error("what the task queue has said could not be dealt with", e);
            }
        }
        heard.run();
    }
}
