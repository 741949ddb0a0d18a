package dev.shunt.engine.manager;

import dev.shunt.time.Clock;
import java.time.Duration;
import java.time.Instant;

/** Stands still until it is moved; its wall clock may be set as well, in both directions. One thread only. */
final class SteppedClock implements Clock {

    private long nanos;
    private Instant wall;

    SteppedClock(Instant wall) {
        this.wall = wall;
    }

    void pass(Duration time) {
        nanos += time.toNanos();
        wall = wall.plus(time);
    }

    void set(Instant time) {
        wall = time;
    }

    @Override
    public long nanoTime() {
        return nanos;
    }

    @Override
    public long epochMillis() {
        return wall.toEpochMilli();
    }
}
