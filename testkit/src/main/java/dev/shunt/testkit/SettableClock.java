package dev.shunt.testkit;

import dev.shunt.time.Clock;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/** A clock that stands still until a test moves it. Starts at zero and at the epoch; safe for use by any thread. */
public final class SettableClock implements Clock {

    private final AtomicLong nanos = new AtomicLong();

    /** Moves both readings on; time does not go back. */
    public void advance(Duration by) {
        if (by.isNegative()) {
            throw new IllegalArgumentException("a step of " + by + "; time does not go back");
        }
        nanos.addAndGet(by.toNanos());
    }

    @Override
    public long nanoTime() {
        return nanos.get();
    }

    @Override
    public long epochMillis() {
        return Duration.ofNanos(nanos.get()).toMillis();
    }
}
