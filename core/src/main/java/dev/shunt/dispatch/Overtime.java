package dev.shunt.dispatch;

import dev.shunt.dispatch.AlarmQueue.Alarm;
import dev.shunt.dispatch.AlarmQueue.Kind;
import dev.shunt.time.Clock;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What has had its time, or is not wanted any more. What waits is over at once; a run is interrupted, and is over when its
 * child says so. A child whose handler does not end is replaced; where that cannot be, the task is over without it.
 *
 * <pre>
 *   waits  ──deadline, cancel──────────► over
 *   leased ──timeout, deadline, cancel─► interrupted ──settled, taken back, lost──► over, or retried after a timeout
 *                                           │ grace
 *                                           ├─► child to be replaced, asked again while it lives
 *                                           └─► overrun: over, but its slot is not free until the lease is closed
 * </pre>
 */
final class Overtime<P> {

    /** How often an interrupted handler's grace passes before its child is asked to be replaced once more. */
    private static final int GRACES_BEFORE_REPEAT = 30;

    private final ChildLoads<P> children;
    private final AlarmQueue<P> alarms;
    private final long graceNanos;
    private final Clock clock;
    private final Effects<P> effects;

    /** Leases whose task is over, because its handler cannot be made to end. */
    private int overrun;

    Overtime(ChildLoads<P> children, AlarmQueue<P> alarms, Duration grace, Clock clock, Effects<P> effects) {
        this.children = children;
        this.alarms = alarms;
        this.graceNanos = grace.toNanos();
        this.clock = clock;
        this.effects = effects;
    }

    int overrun() {
        return overrun;
    }

    void submitted(Work<P> task) {
        if (task.policy().deadlineNanos() > 0) {
            long at = clock.nanoTime() + task.policy().deadlineNanos();
            task.times().deadlineAt = at;
            alarms.add(at, task, Kind.DEADLINE);
        }
    }

    boolean isPastDeadline(Work<P> work) {
        return work.policy().deadlineNanos() > 0 && isPastDeadline(work, clock.nanoTime());
    }

    boolean isPastDeadline(Work<P> work, long nanos) {
        return work.policy().deadlineNanos() > 0 && nanos - work.times().deadlineAt >= 0;
    }

    void leased(Work<P> work) {
        if (work.policy().timeoutNanos() > 0) {
            if (work.hasTimes()) {
                work.times().stalled = false;
            }
            alarms.add(clock.nanoTime() + work.policy().timeoutNanos(), work, Kind.TIMEOUT);
        }
    }

    /** How a work ends that nobody wants any more; null if its run has to end first. */
    @Nullable Ending cancelled(Work<P> work) {
        return end(work, EndCause.CANCELLED);
    }

    /** How a work ends because of this alarm; null if it does not, or not yet. */
    @Nullable Ending rang(Alarm<P> alarm) {
        Work<P> work = alarm.work();
        return switch (alarm.kind()) {
            case DEADLINE -> end(work, EndCause.DEADLINE);
            case TIMEOUT -> attemptTookItsTime(work);
            case GRACE -> gracePassed(work);
            case DUE -> null;
        };
    }

    /** How an interrupted run ends its work; null if it was not interrupted. */
    @Nullable Ending endingOf(Work<P> work) {
        EndCause cause = cause(work);
        return cause == null ? null : cause.ending();
    }

    boolean isInterrupted(Work<P> work) {
        return cause(work) != null;
    }

    /** Neither cancelled nor past its deadline while it ran. */
    boolean mayRetry(Work<P> work) {
        EndCause cause = cause(work);
        return cause == null || cause == EndCause.TIMEOUT;
    }

    /** Another attempt comes, which nobody has interrupted. */
    void retried(Work<P> work) {
        if (work.hasTimes()) {
            work.times().endCause = null;
            work.times().stuck = false;
        }
    }

    void leaseClosed(Work<P> work) {
        if (work.over) {
            overrun--;
        }
    }

    private static @Nullable EndCause cause(Work<?> work) {
        return work.hasTimes() ? work.times().endCause : null;
    }

    private @Nullable Ending end(Work<P> work, EndCause cause) {
        ChildLoad<P> child = children.holderOf(work);
        if (child == null) {
            return cause.ending();
        }
        interrupt(child, work, cause);
        return null;
    }

    private void interrupt(ChildLoad<P> child, Work<P> work, EndCause cause) {
        EndCause before = cause(work);
        if (before == null) {
            work.times().endCause = cause;
            effects.interrupt(child, work.lease());
            alarms.add(clock.nanoTime() + graceNanos, work, Kind.GRACE);
        } else if (before.compareTo(cause) < 0) {
            work.times().endCause = cause;
        }
    }

    /** Counted from when it started, which may be later than when it was leased. */
    private @Nullable Ending attemptTookItsTime(Work<P> work) {
        ChildLoad<P> child = children.holderOf(work);
        if (child == null) {
            return null;
        }
        long ran = effects.runningNanos(child, work.lease());
        long left = work.policy().timeoutNanos() - Math.max(0, ran);
        if (left > 0) {
            alarms.add(clock.nanoTime() + left, work, Kind.TIMEOUT);
            watch(child, work, ran >= 0);
        } else {
            interrupt(child, work, EndCause.TIMEOUT);
        }
        return null;
    }

    /**
     * A child whose process is stopped, or starved, starts nothing, and what does not start has no time that could pass: it
     * is replaced if for a whole grace it has not begun what it has a slot for.
     */
    private void watch(ChildLoad<P> child, Work<P> work, boolean started) {
        TaskTimes times = work.times();
        long now = clock.nanoTime();
        if (started || !child.hasSlotFor(work)) {
            times.stalled = false;
        } else if (!times.stalled) {
            times.stalled = true;
            times.stalledSince = now;
        } else if (now - times.stalledSince >= graceNanos) {
            effects.replace(child, "it does not begin what it was given");
        }
    }

    private @Nullable Ending gracePassed(Work<P> work) {
        ChildLoad<P> child = children.holderOf(work);
        EndCause cause = cause(work);
        if (child == null || cause == null) {
            return null;
        }
        work.times().stuck = true;
        if (effects.replace(child, "a handler went on after it was interrupted")) {
            long again = GRACES_BEFORE_REPEAT * graceNanos; // in case there is no successor to be had
            alarms.add(clock.nanoTime() + again, work, Kind.GRACE);
            return null;
        }
        overrun++;
        return cause.ending();
    }
}
