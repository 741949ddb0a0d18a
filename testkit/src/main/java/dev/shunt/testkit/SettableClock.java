package dev.shunt.testkit;

import dev.shunt.time.Clock;
import dev.shunt.time.Nanos;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A clock that stands still until a test moves it. Starts at zero and at the epoch. Its wall clock may be set as well, as
 * NTP or an administrator does: then the monotonic reading stays. Safe for use by any thread.
 */
public final class SettableClock implements Clock {

    private final AtomicLong nanos = new AtomicLong();
    private final AtomicLong setByMillis = new AtomicLong();

    /** Moves both readings on, by a hundred years at most; time does not go back. */
    public void advance(Duration by) {
        if (by.isNegative()) {
            throw new IllegalArgumentException("a step of " + by + "; time does not go back");
        }
        nanos.addAndGet(Nanos.of(by));
    }

    /** Sets the wall clock, forward or back. */
    public void setWall(Instant time) {
        setByMillis.set(time.toEpochMilli() - passedMillis());
    }

    @Override
    public long nanoTime() {
        return nanos.get();
    }

    @Override
    public long epochMillis() {
        return passedMillis() + setByMillis.get();
    }

    private long passedMillis() {
        return nanos.get() / 1_000_000;
    }
}
