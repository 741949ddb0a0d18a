package dev.shunt.engine.manager;

import dev.shunt.engine.ProgramCode;
import dev.shunt.log.Log;
import dev.shunt.plan.ProcessHandler;
import dev.shunt.task.Outcome;
import dev.shunt.task.Result;
import dev.shunt.timer.Loop;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;

/**
 * The orderly stop of a manager: what runs ends; then callbacks have heard of it; then connections close, with their
 * callbacks; then slots stop, with theirs. What has not ended by the deadline of the stop is lost, and its callers are
 * told.
 *
 * <pre>
 *   RUNNING ──begin──► ANNOUNCED ──program has heard──► DRAINING ──all ended──► CALLING_BACK ──heard──► CLOSING ──all closed──► STOPPING ──► over
 *                          └─deadline: lost────────┘                      └─deadline: cut────────┘
 * </pre>
 *
 * Lives on the main loop, but for {@link #begin} and the questions.
 */
final class Shutdown {

    private static final Logger LOG = Log.of(Shutdown.class);

    /** What results and stop callbacks get even if the deadline has passed. */
    private static final Duration LAST_CALLBACKS = Duration.ofSeconds(1);

    private enum Phase {
        RUNNING,
        ANNOUNCED,
        DRAINING,
        CALLING_BACK,
        CLOSING,
        STOPPING
    }

    private final ManagerParts parts;
    private final Loop main;
    private final CompletableFuture<Void> over = new CompletableFuture<>();
    private volatile Phase phase = Phase.RUNNING;
    private long stopBy;
    private boolean outOfPatience;
    private boolean withoutFiles;
    private Runnable begun = () -> {};
    private long rejectedBefore;

    Shutdown(ManagerParts parts) {
        this.parts = parts;
        this.main = parts.ports().main();
    }

    /** To be told when it begins; the main loop. */
    void whenBegun(Runnable action) {
        begun = action;
    }

    /** From any thread, any number of times. */
    void begin() {
        try {
            main.execute(this::announce);
        } catch (RejectedExecutionException e) {
            LOG.debug("stopped already", e);
        }
    }

    /** From any thread. */
    boolean hasBegun() {
        return phase != Phase.RUNNING;
    }

    /** Done when all slots have stopped and all children are gone. */
    CompletableFuture<Void> over() {
        return over;
    }

    /** The program hears of it while it still serves, if it wants to. */
    private void announce() {
        if (phase != Phase.RUNNING) {
            return;
        }
        phase = Phase.ANNOUNCED;
        parts.plan().hooks().beforeShutdown().ifPresentOrElse(this::announce, this::drain);
    }

    private void announce(ProcessHandler callback) {
        var heard = new CompletableFuture<Void>();
        parts.ports().aside().execute(() -> {
            ProgramCode.guarded("onBeforeShutdown", callback::run);
            heard.complete(null);
        });
        var _ = main.schedule(
                () -> {
                    if (heard.complete(null)) {
                        LOG.warn(
                                "onBeforeShutdown takes longer than {} ms; the stop goes on",
                                deadline().toMillis());
                    }
                },
                deadline());
        var _ = heard.thenRunAsync(this::drain, main);
    }

    /** How long a stop may take, with what the program does before. From any thread. */
    Duration patience() {
        return parts.plan().hooks().beforeShutdown().isPresent() ? deadline().multipliedBy(2) : deadline();
    }

    private void drain() {
        phase = Phase.DRAINING;
        begun.run();
        parts.workEnded().tell(this::workEnded);
        stopBy = parts.ports().clock().nanoTime() + deadline().toNanos();
        parts.schedules().stop();
        parts.listeners().stopAccepting();
        parts.children().replaceNoMore();
        rejectedBefore = parts.anyTasks().ended(Outcome.REJECTED);
        parts.anyTasks().stop();
        parts.groups().drain(Result.Rejected.STOPPING);
        var _ = main.schedule(this::giveUpRunning, deadline());
        main.execute(this::workEnded); // after what was rejected has been told
    }

    /** Something that a slot did is over; it may have been the last that this part of the stop waits for. */
    private void workEnded() {
        if (!parts.groups().isIdle()
                || (!parts.payloads().isIdle() && !withoutFiles)
                || !parts.journal().isIdle()
                || !parts.anyTasks().isIdle()) {
            return;
        }
        if (phase == Phase.DRAINING && (parts.children().haveAcknowledgedAll() || outOfPatience)) {
            phase = Phase.CALLING_BACK;
            var _ = parts.calledBack()
                    .completeOnTimeout(null, left().toNanos(), TimeUnit.NANOSECONDS)
                    .thenRunAsync(this::closeConnections, main);
        } else if (phase == Phase.CLOSING && parts.connections().size() == 0) {
            stopSlots();
        }
    }

    /** The deadline has passed: what still runs is lost, and its callers are told before their own slots stop. */
    private void giveUpRunning() {
        if (phase != Phase.DRAINING) {
            return;
        }
        LOG.warn(
                "still running {} ms after the stop began, and lost: {}",
                deadline().toMillis(),
                parts.groups().isIdle()
                        ? "callbacks for tasks"
                        : String.join("; ", parts.groups().runningLeases()));
        parts.anyTasks().giveUp();
        parts.groups().interrupt();
        parts.children().killBusy();
        var _ = main.schedule(this::abandon, LAST_CALLBACKS);
        var _ = main.schedule(this::giveUpJournal, LAST_CALLBACKS.multipliedBy(2));
    }

    private void abandon() {
        outOfPatience = true;
        parts.groups().abandon();
        workEnded();
    }

    /** A disk that hangs does not hold up the stop. */
    private void giveUpJournal() {
        if (phase == Phase.DRAINING) {
            parts.journal().giveUp();
            parts.anyTasks().giveUpShared();
            withoutFiles = !parts.payloads().isIdle();
            if (withoutFiles) {
                LOG.error(
                        "files of large payloads are still being written or read, and the program stops without them");
            }
            workEnded();
        }
    }

    /** What callbacks had to say is on its way out. */
    private void closeConnections() {
        phase = Phase.CLOSING;
        parts.connections().whenEmpty(() -> main.execute(this::workEnded));
        parts.listeners().closeConnections();
        var _ = main.schedule(this::stopSlots, left());
        workEnded();
    }

    /** In one line for all, however many wait. */
    private void sayWhatIsRejected() {
        long rejected = parts.anyTasks().ended(Outcome.REJECTED) - rejectedBefore;
        if (rejected > 0) {
            LOG.warn("{} tasks that had not started are rejected, because the program is stopping", rejected);
        }
    }

    /** Their child has died during the stop, and has no successor. */
    private void sayWhatIsUntold() {
        int untold = parts.children().untold();
        if (untold > 0) {
            LOG.warn(
                    "{} results and messages are dropped: the children that were to hear of them are gone, and the program is"
                            + " stopping",
                    untold);
        }
    }

    private void stopSlots() {
        if (phase == Phase.STOPPING) {
            return;
        }
        phase = Phase.STOPPING;
        sayWhatIsUntold();
        parts.ports().timers().stop();
        sayWhatIsRejected();
        var left = left();
        var _ = CompletableFuture.allOf(
                        parts.groups().stop().completeOnTimeout(null, left.toNanos(), TimeUnit.NANOSECONDS),
                        childrenGone(left))
                .whenComplete((_, problem) -> {
                    if (problem != null) {
                        LOG.error("a stop callback failed", problem);
                    }
                    over.complete(null);
                });
    }

    /** They are killed at the deadline; one that cannot die even then does not hold up the stop. */
    private CompletableFuture<?> childrenGone(Duration left) {
        var gone = parts.children().stop(left);
        var _ = main.schedule(
                () -> {
                    if (!gone.isDone()) {
                        LOG.error("children that were killed have not ended, and the program stops without them");
                        gone.complete(null);
                    }
                },
                left.plus(LAST_CALLBACKS));
        return gone;
    }

    private Duration deadline() {
        return parts.plan().settings().stopDeadline();
    }

    /** What is left of the deadline, and a moment for last callbacks in any case. */
    private Duration left() {
        return Duration.ofNanos(Math.max(
                LAST_CALLBACKS.toNanos(), stopBy - parts.ports().clock().nanoTime()));
    }
}
