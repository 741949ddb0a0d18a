package dev.shunt.engine.child;

import java.time.Duration;

/**
 * Whether handlers of this child may run on the loop that has read their message: while they prove short. One that takes
 * long moves them all back to slots, until twice as many in a row as before have been short. Any thread; slots write without
 * regard for each other, for it need not be exact.
 */
final class HandlerPace {

    /** About the cost of the two hand-overs that are saved. */
    private static final long SHORT_NANOS = Duration.ofNanos(20_000).toNanos();

    /** What takes as long has held up the other sockets of the loop. */
    private static final long LONG_NANOS = Duration.ofMillis(1).toNanos();

    private static final int FIRST_PROOF = 256;
    private static final int LONGEST_PROOF = 1 << 20;

    private long usualNanos = SHORT_NANOS;
    private int inARow;
    private int proof = FIRST_PROOF;
    private volatile boolean isShort;

    boolean isShort() {
        return isShort;
    }

    /** A handler has run, there or here. */
    void ran(long nanos) {
        if (nanos > LONG_NANOS) {
            inARow = 0;
            if (isShort) {
                isShort = false;
                proof = Math.min(2 * proof, LONGEST_PROOF);
            }
            return;
        }
        usualNanos += (nanos - usualNanos) / 8;
        if (!isShort && ++inARow >= proof && usualNanos < SHORT_NANOS) {
            isShort = true;
        } else if (isShort && usualNanos > 2 * SHORT_NANOS) {
            isShort = false;
            inARow = 0;
        }
    }

    /** A handler that may wait for what this loop brings must not run here. */
    void refuse() {
        isShort = false;
        inARow = 0;
    }
}
