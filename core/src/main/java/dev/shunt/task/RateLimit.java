package dev.shunt.task;

import java.time.Duration;

/**
 * How many runs of one type of task may start: {@code count} in any {@code per}, evenly spread; what comes faster waits its
 * turn.
 */
public record RateLimit(int count, Duration per) {

    public RateLimit {
        if (count < 1 || !per.isPositive()) {
            throw new IllegalArgumentException("a rate of " + count + " in " + per + "; both must be positive");
        }
    }

    /** Between two starts. */
    public long intervalNanos() {
        return per.toNanos() / count;
    }
}
