package dev.shunt.dispatch;

import dev.shunt.dispatch.AlarmQueue.Kind;
import dev.shunt.time.Clock;

/**
 * Tasks that are not due: before their first attempt by their own delay, before a further one by the back-off.
 *
 * <pre>
 *   waitUntilDue, waitFor ──► delayed ──alarm──► due
 *                                  └─────ended────► over
 * </pre>
 */
final class Delays<P> {

    private final AlarmQueue<P> alarms;
    private final Clock clock;
    private int size;

    Delays(AlarmQueue<P> alarms, Clock clock) {
        this.alarms = alarms;
        this.clock = clock;
    }

    /** Its delay counts from here, whatever else it waits for. */
    void submitted(Work<P> task) {
        if (task.policy().delayNanos() > 0) {
            task.times().dueAt = clock.nanoTime() + task.policy().delayNanos();
        }
    }

    boolean isDue(Work<P> task) {
        return task.policy().delayNanos() == 0 || task.times().dueAt - clock.nanoTime() <= 0;
    }

    void waitUntilDue(Work<P> task) {
        waitUntil(task, task.times().dueAt);
    }

    void waitFor(Work<P> task, long nanos) {
        waitUntil(task, clock.nanoTime() + nanos);
    }

    private void waitUntil(Work<P> task, long dueNanos) {
        task.times().delayed = true;
        size++;
        alarms.add(dueNanos, task, Kind.DUE);
    }

    /** Its alarm has come up. */
    void due(Work<P> task) {
        task.times().delayed = false;
        size--;
    }

    void ended(Work<P> work) {
        if (work.hasTimes() && work.times().delayed) {
            due(work);
        }
    }

    int size() {
        return size;
    }
}
