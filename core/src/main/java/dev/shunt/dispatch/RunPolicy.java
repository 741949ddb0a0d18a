package dev.shunt.dispatch;

import dev.shunt.task.Priority;
import dev.shunt.task.TaskOptions;
import dev.shunt.task.Unique;
import dev.shunt.time.Clock;
import dev.shunt.time.Nanos;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A task's options as the dispatcher reckons with them: times in nanoseconds from the submission, 0 where there is none.
 *
 * @param atMillis if it is delayed until a time of the wall clock, that time in epoch milliseconds; {@link #NO_TIME} else
 * @param slot of the group, or -1 for any
 */
public record RunPolicy(
        int retries,
        long backoffNanos,
        Priority priority,
        long delayNanos,
        long atMillis,
        long deadlineNanos,
        long timeoutNanos,
        @Nullable Unique unique,
        @Nullable String orderingKey,
        int slot,
        boolean durable) {

    static final long NO_TIME = Long.MIN_VALUE;

    private static final long MAX_BACKOFF_NANOS = 86_400_000_000_000L;

    private static final RunPolicy DEFAULT = read(TaskOptions.DEFAULT, false, 0, 0);

    /** What an event of a connection has: it runs once, whenever its turn comes. */
    public static final RunPolicy NONE = new RunPolicy(0, 0, Priority.NORMAL, 0, NO_TIME, 0, 0, null, null, -1, false);

    /** What runs once, and no longer than that, if there is a limit. */
    public static RunPolicy within(Optional<Duration> limit) {
        return limit.isEmpty()
                ? NONE
                : new RunPolicy(0, 0, Priority.NORMAL, 0, NO_TIME, 0, Nanos.of(limit.get()), null, null, -1, false);
    }

    /**
     * @param durable whether a log keeps the task until it is over
     * @param acceptedAtMillis when the task was submitted; before now if it was kept in a log meanwhile
     * @param nowMillis epoch milliseconds, as all times here
     */
    public static RunPolicy of(TaskOptions options, boolean durable, long acceptedAtMillis, long nowMillis) {
        return options.isPlain() && !durable
                ? DEFAULT
                : read(options, durable, Nanos.ofMillis(nowMillis - acceptedAtMillis), nowMillis);
    }

    /** As the other one, by both clocks: what has passed since the submission is told by the monotonic one. */
    public static RunPolicy of(TaskOptions options, boolean durable, long acceptedNanos, Clock clock) {
        if (options.isPlain() && !durable) {
            return DEFAULT;
        }
        return read(options, durable, Math.max(0, clock.nanoTime() - acceptedNanos), clock.epochMillis());
    }

    private static RunPolicy read(TaskOptions options, boolean durable, long passedNanos, long nowMillis) {
        long delay = options.at()
                .map(time -> Nanos.until(time, nowMillis))
                .orElseGet(() -> Nanos.of(options.delay()) - passedNanos);
        return new RunPolicy(
                options.retries(),
                Nanos.of(options.backoff()),
                options.priority(),
                Math.max(0, delay),
                options.at().map(RunPolicy::millis).orElse(NO_TIME),
                options.deadline()
                        .map(d -> Math.max(1, Nanos.of(d) - passedNanos))
                        .orElse(0L),
                options.timeout().map(Nanos::of).orElse(0L),
                options.unique().orElse(null),
                options.orderingKey().orElse(null),
                options.slot().orElse(-1),
                durable);
    }

    /** Not before that time. */
    private static long millis(Instant time) {
        return time.plusNanos(999_999).toEpochMilli();
    }

    /** As this one, for a task whose next attempt was set for a time: epoch milliseconds. */
    public RunPolicy dueAt(long dueAtMillis, long nowMillis) {
        return delayed(Math.max(delayNanos, Nanos.ofMillis(dueAtMillis - nowMillis)));
    }

    /** As these, and due after so long. */
    public RunPolicy delayed(long nanos) {
        return nanos == delayNanos
                ? this
                : new RunPolicy(
                        retries,
                        backoffNanos,
                        priority,
                        nanos,
                        atMillis,
                        deadlineNanos,
                        timeoutNanos,
                        unique,
                        orderingKey,
                        slot,
                        durable);
    }

    /** Before the attempt that follows attempt {@code attempt}; {@code jitter} from 0 to 1 takes off up to half. */
    public long backoffNanos(int attempt, double jitter) {
        long doubled = backoffNanos << Math.min(attempt - 1, 16);
        long capped = doubled < backoffNanos || doubled > MAX_BACKOFF_NANOS ? MAX_BACKOFF_NANOS : doubled;
        return capped - (long) (capped * jitter / 2);
    }
}
