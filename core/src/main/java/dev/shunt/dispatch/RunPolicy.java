package dev.shunt.dispatch;

import dev.shunt.task.Priority;
import dev.shunt.task.TaskOptions;
import dev.shunt.task.Unique;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A task's options as the dispatcher reckons with them: times in nanoseconds from the submission, 0 where there is none.
 *
 * @param slot of the group, or -1 for any
 */
public record RunPolicy(
        int retries,
        long backoffNanos,
        Priority priority,
        long delayNanos,
        long deadlineNanos,
        long timeoutNanos,
        @Nullable Unique unique,
        @Nullable String orderingKey,
        int slot,
        boolean durable) {

    private static final Duration MAX = Duration.ofDays(36_500);
    private static final long MAX_BACKOFF_NANOS = 86_400_000_000_000L;

    private static final RunPolicy DEFAULT = read(TaskOptions.DEFAULT, false, 0, 0);

    /** What an event of a connection has: it runs once, whenever its turn comes. */
    static final RunPolicy NONE = new RunPolicy(0, 0, Priority.NORMAL, 0, 0, 0, null, null, -1, false);

    /**
     * @param durable whether a log keeps the task until it is over
     * @param acceptedAtMillis when the task was submitted; before now if it was kept in a log meanwhile
     * @param nowMillis epoch milliseconds, as all times here
     */
    @SuppressWarnings(
            "ReferenceEquality") // nearly all tasks have just these options, and comparing them would cost more
    public static RunPolicy of(TaskOptions options, boolean durable, long acceptedAtMillis, long nowMillis) {
        return options == TaskOptions.DEFAULT && !durable
                ? DEFAULT
                : read(options, durable, acceptedAtMillis, nowMillis);
    }

    private static RunPolicy read(TaskOptions options, boolean durable, long acceptedAtMillis, long nowMillis) {
        long passed = nanos(Duration.ofMillis(Math.max(0, nowMillis - acceptedAtMillis)));
        long delay = options.at()
                .map(time -> nanos(Duration.between(Instant.ofEpochMilli(nowMillis), time)))
                .orElseGet(() -> nanos(options.delay()) - passed);
        return new RunPolicy(
                options.retries(),
                nanos(options.backoff()),
                options.priority(),
                Math.max(0, delay),
                options.deadline().map(d -> Math.max(1, nanos(d) - passed)).orElse(0L),
                options.timeout().map(RunPolicy::nanos).orElse(0L),
                options.unique().orElse(null),
                options.orderingKey().orElse(null),
                options.slot().orElse(-1),
                durable);
    }

    /** As this one, for a task whose next attempt was set for a time: epoch milliseconds. */
    public RunPolicy dueAt(long dueAtMillis, long nowMillis) {
        return delayed(Math.max(delayNanos, nanos(Duration.ofMillis(Math.max(0, dueAtMillis - nowMillis)))));
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
                        deadlineNanos,
                        timeoutNanos,
                        unique,
                        orderingKey,
                        slot,
                        durable);
    }

    /** Before the attempt that follows attempt {@code attempt}; {@code jitter} from 0 to 1 takes off up to half. */
    long backoffNanos(int attempt, double jitter) {
        long doubled = backoffNanos << Math.min(attempt - 1, 16);
        long capped = doubled < backoffNanos || doubled > MAX_BACKOFF_NANOS ? MAX_BACKOFF_NANOS : doubled;
        return capped - (long) (capped * jitter / 2);
    }

    /** Centuries are long enough, and can be added to a clock's reading; what has passed is 0. */
    private static long nanos(Duration duration) {
        if (duration.isNegative()) {
            return 0;
        }
        return duration.compareTo(MAX) > 0 ? MAX.toNanos() : duration.toNanos();
    }
}
