package dev.shunt.time;

import java.time.Duration;

/**
 * Whether the wall clock was set, or the machine slept: by how far it has moved against the monotonic one. Whoever waits
 * for a time of day asks once in every {@link #LOOK}, and reckons anew if it did. For one thread at a time.
 */
public final class ClockSteps {

    public static final Duration LOOK = Duration.ofMinutes(1);

    /** More than a pause between two readings, and less than anyone waits for. */
    private static final long NOTICED_MILLIS = 50;

    private final Clock clock;
    private long offset;

    public ClockSteps(Clock clock) {
        this.clock = clock;
        this.offset = offset();
    }

    /** Whether there was a step since the last one that was told of. */
    public boolean any() {
        long now = offset();
        if (Math.abs(now - offset) < NOTICED_MILLIS) {
            return false;
        }
        offset = now;
        return true;
    }

    private long offset() {
        return clock.epochMillis() - clock.nanoTime() / 1_000_000;
    }
}
