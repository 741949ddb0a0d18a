package dev.shunt.plan;

import dev.shunt.check.Check;

/**
 * How much may wait in the manager's memory for each group of task slots, and what becomes of more.
 *
 * @param maxTasks that want a slot
 * @param maxBytes of those, and of those that run; {@link #SHARE} for a share of the heap
 * @param maxDelayed that wait for their time or their turn
 * @param maxDelayedBytes of those; {@link #SHARE} for a share of the heap
 * @param maxResultBytes of results that wait for one busy slot that asked for them; {@link #SHARE} for a share of the heap
 */
public record QueueLimit(
        int maxTasks, long maxBytes, int maxDelayed, long maxDelayedBytes, long maxResultBytes, WhenFull whenFull) {

    /** All groups together have a quarter of the heap for what wants a slot, and an eighth for what waits. */
    public static final long SHARE = 0;

    private static final int OF_HEAP = 4;
    private static final int DELAYED_OF_HEAP = 8;
    private static final int RESULTS_OF_HEAP = 16;
    private static final long MOST_RESULTS = 64L << 20;

    public static final QueueLimit DEFAULT = new QueueLimit(100_000, SHARE, 100_000, SHARE, SHARE, WhenFull.REJECT);

    public QueueLimit {
        Check.count("maxQueuedTasks", maxTasks, 1, "without, the default is 100,000");
        Check.count("maxDelayedTasks", maxDelayed, 1, "without, the default is 100,000");
        share("maxQueuedBytes", maxBytes);
        share("maxDelayedBytes", maxDelayedBytes);
        share("maxResultBytes", maxResultBytes);
        Check.given("whenQueueFull", whenFull);
    }

    private static void share(String call, long bytes) {
        if (bytes != SHARE) {
            Check.bytes(call, bytes);
        }
    }

    public QueueLimit withMaxTasks(int value) {
        return new QueueLimit(value, maxBytes, maxDelayed, maxDelayedBytes, maxResultBytes, whenFull);
    }

    public QueueLimit withMaxBytes(long value) {
        return new QueueLimit(
                maxTasks, Check.bytes("maxQueuedBytes", value), maxDelayed, maxDelayedBytes, maxResultBytes, whenFull);
    }

    public QueueLimit withMaxDelayed(int value) {
        return new QueueLimit(maxTasks, maxBytes, value, maxDelayedBytes, maxResultBytes, whenFull);
    }

    public QueueLimit withMaxDelayedBytes(long value) {
        return new QueueLimit(
                maxTasks, maxBytes, maxDelayed, Check.bytes("maxDelayedBytes", value), maxResultBytes, whenFull);
    }

    public QueueLimit withWhenFull(WhenFull value) {
        return new QueueLimit(maxTasks, maxBytes, maxDelayed, maxDelayedBytes, maxResultBytes, value);
    }

    public QueueLimit withMaxResultBytes(long value) {
        return new QueueLimit(
                maxTasks, maxBytes, maxDelayed, maxDelayedBytes, Check.bytes("maxResultBytes", value), whenFull);
    }

    /** In bytes, where a share is meant, for each of so many groups of task slots. */
    public QueueLimit forEachOf(int groups) {
        long heap = Runtime.getRuntime().maxMemory() / Math.max(1, groups);
        return new QueueLimit(
                maxTasks,
                maxBytes == SHARE ? heap / OF_HEAP : maxBytes,
                maxDelayed,
                maxDelayedBytes == SHARE ? heap / DELAYED_OF_HEAP : maxDelayedBytes,
                maxResultBytes == SHARE
                        ? Math.min(MOST_RESULTS, Runtime.getRuntime().maxMemory() / RESULTS_OF_HEAP)
                        : maxResultBytes,
                whenFull);
    }
}
