package dev.shunt.time;

import java.time.ZoneId;

/** The only source of time. Injected wherever time matters, so that tests step it by hand. */
public interface Clock {

    /** Monotonic nanoseconds from an arbitrary origin; compare by subtraction. */
    long nanoTime();

    /** Milliseconds since the epoch, for what people and other machines read. */
    long epochMillis();

    /** The time zone of this machine, or what {@code user.timezone} says. */
    static ZoneId systemZone() {
        return ZoneId.systemDefault();
    }

    static Clock system() {
        return SystemClock.INSTANCE;
    }
}
