package dev.shunt.intake;

import dev.shunt.task.TaskOptions;
import dev.shunt.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** When each task is due and out of time, and the alarms for that. Owned by the {@link Intake}. */
final class Times<T extends Submitted> {

    /** Centuries are long enough, and can be added to a clock's reading. */
    private static final Duration MAX = Duration.ofDays(36_500);

    private final Clock clock;
    private final Alarms alarms;
    private final Set<Pending<T>> notDue = new LinkedHashSet<>();

    Times(Clock clock, Alarms alarms) {
        this.clock = clock;
        this.alarms = alarms;
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
        return pending.attempts() == 0 && pending.unique == null ? 0 : delayNanos(pending);
    }

    private long delayNanos(Pending<T> pending) {
        TaskOptions options = pending.task().options();
        var at = options.at();
        long dueAtMillis = pending.dueAtMillis();
        if (at.isEmpty() && options.delay().isZero() && dueAtMillis == 0) {
            return 0;
        }
        long now = clock.epochMillis();
        long byOptions = at.isPresent()
                ? nanos(Duration.between(Instant.ofEpochMilli(now), at.get()))
                : nanos(options.delay()) - passed(pending, now);
        return Math.max(byOptions, nanos(Duration.ofMillis(Math.max(0, dueAtMillis - now))));
    }

    void whenDue(Pending<T> pending, long delayNanos, Runnable then) {
        notDue.add(pending);
        pending.due = alarms.set(delayNanos, () -> {
            pending.due = null;
            notDue.remove(pending);
            then.run();
        });
    }

    /** Does nothing if it has no deadline, or its alarm is set or has rung. */
    void watchDeadline(Pending<T> pending, Runnable passed) {
        var deadline = pending.task().options().deadline();
        if (deadline.isPresent() && pending.deadline == null && pending.ends == null) {
            long left = nanos(deadline.get()) - passed(pending, clock.epochMillis());
            pending.deadline = alarms.set(Math.max(1, left), () -> {
                pending.deadline = null;
                passed.run();
            });
        }
    }

    void forgetDeadline(Pending<T> pending) {
        if (pending.deadline != null) {
            pending.deadline.cancel();
            pending.deadline = null;
        }
    }

    void forgetDue(Pending<T> pending) {
        if (pending.due != null) {
            pending.due.cancel();
            pending.due = null;
            notDue.remove(pending);
        }
    }

    /** What waits here until it is due. */
    List<Pending<T>> notDue() {
        return List.copyOf(notDue);
    }

    private long passed(Pending<T> pending, long nowMillis) {
        return nanos(Duration.ofMillis(Math.max(0, nowMillis - pending.task().acceptedAtMillis())));
    }

    private static long nanos(Duration duration) {
        if (duration.isNegative()) {
            return 0;
        }
        return duration.compareTo(MAX) > 0 ? MAX.toNanos() : duration.toNanos();
    }
}
