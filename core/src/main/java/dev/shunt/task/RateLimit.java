package dev.shunt.task;

import dev.shunt.check.Check;
import java.time.Duration;

/**
 * How many runs of one type of task may start: {@code count} in any {@code per}, evenly spread; what comes faster waits its
 * turn.
 */
public record RateLimit(int count, Duration per) {

    public RateLimit {
        Check.count("rateLimit", count, 1, "without a limit, leave it out");
        per = Check.positive("rateLimit", per, "without a limit, leave it out");
        if (per.toNanos() < count) {
            throw new IllegalArgumentException("rateLimit(" + count + ", " + per
                    + "): that is more than one in a nanosecond; without a limit, leave it out");
        }
    }

    /** Between two starts. */
    public long intervalNanos() {
        return per.toNanos() / count;
    }
}
