package dev.shunt.dispatch;

import dev.shunt.dispatch.AlarmQueue.Alarm;
import dev.shunt.dispatch.AlarmQueue.Kind;
import dev.shunt.time.Clock;
import dev.shunt.time.ClockSteps;
import dev.shunt.time.Nanos;
import java.util.LinkedHashSet;
import java.util.OptionalLong;
import java.util.Set;

/**
 * Tasks that are not due: before their first attempt by their own delay, or until a time of the wall clock, which is looked
 * at again when that has been set; before a further one by the back-off.
 *
 * <pre>
 *   waitUntilDue, waitFor ──► delayed ──alarm──► due
 *                              │   ▲ └──ended──► over
 *                              └───┘ the wall clock was set
 * </pre>
 */
final class Delays<P> {

    private final AlarmQueue<P> alarms;
    private final Clock clock;
    private final ClockSteps steps;

    /** Those that wait for a time of the wall clock. */
    private final Set<Work<P>> atTimes = new LinkedHashSet<>();

    private long lookNanos;
    private int size;

    Delays(AlarmQueue<P> alarms, Clock clock) {
        this.alarms = alarms;
        this.clock = clock;
        this.steps = new ClockSteps(clock);
    }

    /** Its delay counts from here, whatever else it waits for. */
    void submitted(Work<P> task) {
        if (task.policy().delayNanos() > 0) {
            task.times().dueAt = clock.nanoTime() + task.policy().delayNanos();
        }
    }

    boolean isDue(Work<P> task) {
        return task.policy().delayNanos() == 0 || leftNanos(task) <= 0;
    }

    void waitUntilDue(Work<P> task) {
        waitFor(task, leftNanos(task));
        if (isAtTime(task)) {
            if (atTimes.isEmpty()) {
                lookNanos = clock.nanoTime() + ClockSteps.LOOK.toNanos();
            }
            atTimes.add(task);
        }
    }

    void waitFor(Work<P> task, long nanos) {
        task.times().delayed = true;
        size++;
        arm(task, nanos);
    }

    private void arm(Work<P> task, long nanos) {
        task.times().dueAt = clock.nanoTime() + nanos;
        alarms.add(task.times().dueAt, task, Kind.DUE);
    }

    private static boolean isAtTime(Work<?> task) {
        return task.attempt() == 0 && task.policy().atMillis() != RunPolicy.NO_TIME;
    }

    /** Until it is due; of one that waits for its first attempt, or to be restored. */
    private long leftNanos(Work<P> task) {
        return isAtTime(task)
                ? Nanos.ofMillis(task.policy().atMillis() - clock.epochMillis())
                : task.times().dueAt - clock.nanoTime();
    }

    /** Whether a task whose alarm has come up is due; it is not if the wall clock was set meanwhile. */
    boolean rang(Alarm<P> alarm) {
        Work<P> task = alarm.work();
        if (!task.times().delayed || alarm.dueNanos() != task.times().dueAt) {
            return false;
        }
        if (atTimes.contains(task)) {
            long left = leftNanos(task);
            if (left > 0) {
                arm(task, left);
                return false;
            }
        }
        due(task);
        return true;
    }

    private void due(Work<P> task) {
        task.times().delayed = false;
        size--;
        atTimes.remove(task);
    }

    void ended(Work<P> work) {
        if (work.hasTimes() && work.times().delayed) {
            due(work);
        }
    }

    /** Reckons anew if the wall clock was set. */
    void look() {
        if (atTimes.isEmpty() || lookNanos - clock.nanoTime() > 0) {
            return;
        }
        lookNanos = clock.nanoTime() + ClockSteps.LOOK.toNanos();
        if (steps.any()) {
            atTimes.forEach(task -> arm(task, leftNanos(task)));
        }
    }

    OptionalLong nextLookNanos() {
        return atTimes.isEmpty() ? OptionalLong.empty() : OptionalLong.of(lookNanos);
    }

    int size() {
        return size;
    }
}
