package dev.shunt.time;

import java.time.Duration;
import java.time.Instant;

/** Times as the engine reckons with them: nanoseconds, from none to {@link #MAX}, which is for ever. */
public final class Nanos {

    /** A hundred years are long enough, and can be added to a clock's reading. */
    public static final Duration MAX = Duration.ofDays(36_500);

    private Nanos() {}

    /** Zero for what is negative. */
    public static long of(Duration duration) {
        if (duration.isNegative()) {
            return 0;
        }
        return duration.compareTo(MAX) > 0 ? MAX.toNanos() : duration.toNanos();
    }

    public static long ofMillis(long millis) {
        return of(Duration.ofMillis(millis));
    }

    /** From a reading of the wall clock, in epoch milliseconds, to a time; zero if that has passed. */
    public static long until(Instant time, long nowMillis) {
        return of(Duration.between(Instant.ofEpochMilli(nowMillis), time));
    }
}
