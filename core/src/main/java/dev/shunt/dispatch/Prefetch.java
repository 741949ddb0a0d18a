package dev.shunt.dispatch;

/**
 * How much work a child is given before it has a slot for it, so that no slot waits for the next lease to travel. Only
 * while runs are short: what was prefetched by one child cannot run in another before it has been taken back.
 */
final class Prefetch {

    /** For events: there is no other child that could run them, so prefetching holds up nothing. */
    static final int EVENTS_PER_SLOT = 64;

    /** How much work, by its usual run time, may be prefetched for each slot: a few times the cost of a wake-up. */
    private static final long PER_SLOT_NANOS = 1_000_000;

    private static final int MAX_PER_SLOT = 512;

    private long usualRunNanos = Long.MAX_VALUE;

    /** Reckoned once for each run; asked for more often. */
    private int perSlot;

    void ran(long nanos) {
        usualRunNanos = usualRunNanos == Long.MAX_VALUE ? nanos : usualRunNanos + (nanos - usualRunNanos) / 8;
        perSlot = (int) Math.min(MAX_PER_SLOT, PER_SLOT_NANOS / Math.max(1, usualRunNanos));
    }

    int perSlot() {
        return perSlot;
    }
}
