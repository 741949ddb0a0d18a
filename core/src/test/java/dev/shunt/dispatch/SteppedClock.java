package dev.shunt.dispatch;

import dev.shunt.time.Clock;
import java.time.Duration;

/** A clock that stands still until it is told to go on. */
final class SteppedClock implements Clock {

    private long nanos;

    void advance(Duration by) {
        nanos += by.toNanos();
    }

    @Override
    public long nanoTime() {
        return nanos;
    }

    @Override
    public long epochMillis() {
        return nanos / 1_000_000;
    }
}
