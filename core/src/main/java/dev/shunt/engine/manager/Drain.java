package dev.shunt.engine.manager;

import dev.shunt.log.Log;
import dev.shunt.time.Nanos;
import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import org.slf4j.Logger;

/**
 * Before a stop: what waits for a slot runs first, with what it asks for, and its retries as far as they are due in time.
 * Whether new work comes in meanwhile is up to the face. Lives on the main loop, but for {@link #begin}.
 */
final class Drain {

    private static final Logger LOG = Log.of(Drain.class);

    private final ManagerParts parts;
    private final Shutdown shutdown;
    private boolean begun;
    private long endNanos;

    Drain(ManagerParts parts, Shutdown shutdown) {
        this.parts = parts;
        this.shutdown = shutdown;
    }

    /** From any thread; only the first time counts. */
    void begin(Duration patience) {
        try {
            parts.ports().main().execute(() -> start(patience));
        } catch (RejectedExecutionException e) {
            LOG.debug("stopped already", e);
        }
    }

    private void start(Duration patience) {
        if (begun || shutdown.hasBegun()) {
            return;
        }
        begun = true;
        endNanos = parts.ports().clock().nanoTime() + Nanos.of(patience);
        parts.schedules().stop();
        parts.workEnded().tell(this::look);
        var _ = parts.ports().main().schedule(() -> giveUp(patience), patience);
        look();
    }

    private void look() {
        if (!shutdown.hasBegun() && isDone()) {
            shutdown.begin();
        }
    }

    private void giveUp(Duration patience) {
        if (!shutdown.hasBegun()) {
            LOG.warn(
                    "not everything has run {} ms after the end was asked for: {} tasks wait for a slot, {} for their time or"
                            + " turn, and the program stops now",
                    patience.toMillis(),
                    ready(),
                    parts.anyTasks().sum(queues -> queues.intake().aside()));
            shutdown.begin();
        }
    }

    private boolean isDone() {
        return ready() == 0
                && parts.groups().isIdle()
                && parts.payloads().isIdle()
                && parts.journal().isIdle()
                && parts.groups().tasks().stream().noneMatch(this::hasSomethingInTime);
    }

    /** What could run if there were a slot for it. */
    private long ready() {
        return parts.anyTasks().waits()
                - parts.anyTasks().sum(queues -> queues.intake().aside());
    }

    private boolean hasSomethingInTime(GroupRun<?> run) {
        var next = run.dispatcher().nextDueNanos();
        return next.isPresent() && next.getAsLong() - endNanos <= 0;
    }
}
