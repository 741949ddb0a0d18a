package dev.shunt.intake;

import dev.shunt.intake.Alarms.Alarm;
import dev.shunt.task.StoredTask;
import dev.shunt.task.TaskOptions;
import dev.shunt.time.Clock;
import dev.shunt.time.ClockSteps;
import dev.shunt.time.Nanos;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * When each task is due and out of time, and the alarms for that. Delays and deadlines count on the monotonic clock; what is
 * to run at a time of the wall clock is looked at again when that has been set, within a minute. Owned by the {@link Intake}.
 */
final class Times<T extends Submitted> {

    private final Clock clock;
    private final Alarms alarms;
    private final Set<Pending<T>> notDue = new LinkedHashSet<>();

    /** Of those, what waits for a time of the wall clock. */
    private final Set<Pending<T>> atTimes = new LinkedHashSet<>();

    private final ClockSteps steps;
    private @Nullable Alarm look;

    Times(Clock clock, Alarms alarms) {
        this.clock = clock;
        this.alarms = alarms;
        this.steps = new ClockSteps(clock);
    }

    /**
     * When the next attempt of a task of an earlier run is due, by the monotonic clock. If its clock was ahead of this
     * run's, that is no later from now on than it was from its acceptance.
     */
    long dueNanos(StoredTask stored) {
        long now = clock.epochMillis();
        long since = Math.max(now, stored.acceptedAtMillis());
        return clock.nanoTime() + Nanos.ofMillis(stored.dueAtMillis() - since);
    }

    /**
     * How long it waits here until it is due; 0 if it does not. Dispatch has the ordering key of a retry from before its
     * time on: it is due there.
     */
    long delayHereNanos(Pending<T> pending) {
        return pending.attempts() == 0 ? delayNanos(pending) : 0;
    }

    /** When it is due: epoch milliseconds. */
    long dueAtMillis(Pending<T> pending) {
        return clock.epochMillis() + Math.ceilDiv(delayNanos(pending), 1_000_000);
    }

    boolean isLater(long epochMillis) {
        return epochMillis > clock.epochMillis();
    }

    /** How long it waits in dispatch until it is due: a retry, or what was to join another task that did not enter. */
    long delayThereNanos(Pending<T> pending) {
        return pending.attempts() == 0 && pending.unique == null ? 0 : Math.max(0, delayNanos(pending));
    }

    private long delayNanos(Pending<T> pending) {
        TaskOptions options = pending.task().options();
        var at = options.at();
        long byOptions = 0;
        if (at.isPresent()) {
            byOptions = Nanos.until(at.get(), clock.epochMillis());
        } else if (!options.delay().isZero()) {
            byOptions = Nanos.of(options.delay()) - passed(pending);
        }
        return Math.max(byOptions, pending.attempts() == 0 ? 0 : pending.dueNanos() - clock.nanoTime());
    }

    void whenDue(Pending<T> pending, long delayNanos, Runnable then) {
        pending.atItsTime = then;
        notDue.add(pending);
        arm(pending, delayNanos);
        if (pending.task().options().at().isPresent()) {
            atTimes.add(pending);
            watchClock();
        }
    }

    private void arm(Pending<T> pending, long delayNanos) {
        pending.due = alarms.set(delayNanos, () -> {
            pending.due = null;
            rang(pending);
        });
    }

    /** Its time may be later than it was: the wall clock may have been set back. */
    private void rang(Pending<T> pending) {
        long left = delayNanos(pending);
        Runnable then = pending.atItsTime;
        if (left > 0 || then == null) {
            arm(pending, left);
        } else {
            forgetDue(pending);
            then.run();
        }
    }

    private void watchClock() {
        if (look == null && !atTimes.isEmpty()) {
            look = alarms.set(ClockSteps.LOOK.toNanos(), this::lookAtClock);
        }
    }

    private void lookAtClock() {
        look = null;
        if (steps.any()) {
            for (var pending : List.copyOf(atTimes)) {
                cancel(pending.due);
                arm(pending, Math.max(0, delayNanos(pending)));
            }
        }
        watchClock();
    }

    /** Does nothing if it has no deadline, or its alarm is set or has rung. */
    void watchDeadline(Pending<T> pending, Runnable passed) {
        var deadline = pending.task().options().deadline();
        if (deadline.isPresent() && pending.deadline == null && pending.ends == null) {
            long left = Nanos.of(deadline.get()) - passed(pending);
            pending.deadline = alarms.set(Math.max(1, left), () -> {
                pending.deadline = null;
                passed.run();
            });
        }
    }

    void forgetDeadline(Pending<T> pending) {
        cancel(pending.deadline);
        pending.deadline = null;
    }

    void forgetDue(Pending<T> pending) {
        if (pending.atItsTime == null) {
            return; // it does not wait here, as most do not
        }
        notDue.remove(pending);
        cancel(pending.due);
        pending.due = null;
        pending.atItsTime = null;
        if (atTimes.remove(pending) && atTimes.isEmpty()) {
            cancel(look);
            look = null;
        }
    }

    private static void cancel(@Nullable Alarm alarm) {
        if (alarm != null) {
            alarm.cancel();
        }
    }

    /** What waits here until it is due. */
    List<Pending<T>> notDue() {
        return List.copyOf(notDue);
    }

    private long passed(Pending<T> pending) {
        return clock.nanoTime() - pending.task().acceptedNanos();
    }
}
