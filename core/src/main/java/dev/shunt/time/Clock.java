package dev.shunt.time;

/** The only source of time. Injected wherever time matters, so that tests step it by hand. */
public interface Clock {

    /** Monotonic nanoseconds from an arbitrary origin; compare by subtraction. */
    long nanoTime();

    /** Milliseconds since the epoch, for what people and other machines read. */
    long epochMillis();

    static Clock system() {
        return SystemClock.INSTANCE;
    }
}
