package dev.shunt.dispatch;

import org.jspecify.annotations.Nullable;

/**
 * One thing that a slot shall do: a task, or an event of a connection. Made by whoever submits it, then owned by the
 * dispatcher.
 *
 * @param <P> what it is about; nothing to the dispatcher
 */
public final class Work<P> {

    private final P payload;
    private final @Nullable Lane<P> lane;
    private final int retries;
    private final long backoffNanos;
    private int attempt;
    private long order;
    private long dueNanos;

    private Work(P payload, @Nullable Lane<P> lane, int retries, long backoffNanos) {
        this.payload = payload;
        this.lane = lane;
        this.retries = retries;
        this.backoffNanos = backoffNanos;
    }

    /** Runs on any child; again if it failed or was lost, up to {@code retries} times. */
    public static <P> Work<P> free(P payload, int retries, long backoffNanos) {
        return new Work<>(payload, null, retries, backoffNanos);
    }

    /** Runs after what came before it in its lane, on the lane's child, and never again. */
    public static <P> Work<P> inLane(Lane<P> lane, P payload) {
        return new Work<>(payload, lane, 0, 0);
    }

    public P payload() {
        return payload;
    }

    /** 1 in the first run; 0 before it. */
    public int attempt() {
        return attempt;
    }

    @Nullable Lane<P> lane() {
        return lane;
    }

    void leased(long order) {
        attempt++;
        this.order = order;
    }

    void notStarted() {
        attempt--;
    }

    /** Place in the order of leasing, so that what comes back keeps its order. */
    long order() {
        return order;
    }

    boolean mayRetry() {
        return attempt <= retries;
    }

    /** Doubles from attempt to attempt, at most a day; {@code jitter} from 0 to 1 takes off up to half. */
    long backoffNanos(double jitter) {
        long doubled = backoffNanos << Math.min(attempt - 1, 16);
        long capped = doubled < backoffNanos || doubled > MAX_BACKOFF_NANOS ? MAX_BACKOFF_NANOS : doubled;
        return capped - (long) (capped * jitter / 2);
    }

    private static final long MAX_BACKOFF_NANOS = 86_400_000_000_000L;

    long dueNanos() {
        return dueNanos;
    }

    void dueAt(long nanos) {
        dueNanos = nanos;
    }
}
