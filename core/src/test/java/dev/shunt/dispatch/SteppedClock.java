package dev.shunt.dispatch;

import dev.shunt.time.Clock;
import java.time.Duration;

/** A clock that stands still until it is told to go on; its wall clock may be set as well. */
final class SteppedClock implements Clock {

    private long nanos;
    private long setByMillis;

    void advance(Duration by) {
        nanos += by.toNanos();
    }

    /** The wall clock is set, forward or back. */
    void setWall(Duration by) {
        setByMillis += by.toMillis();
    }

    @Override
    public long nanoTime() {
        return nanos;
    }

    @Override
    public long epochMillis() {
        return nanos / 1_000_000 + setByMillis;
    }
}
