package dev.shunt.time;

import java.time.Duration;

/**
 * Whether a thread that is about to wait should first look again and again for a {@link #MOMENT}. It costs 5 to 20 µs to
 * wake a thread, most on a core that has gone to sleep, and an answer that comes sooner than that is best waited for awake.
 * Pays only where waits are short: after a long one, or a few moments in vain, the thread sleeps at once. For one thread at
 * a time.
 *
 * <pre>
 *   busy.begin();
 *   while (busy.goesOn()) { if (it is there) break; Thread.yield(); }
 *   if (it is not there) sleep until it is;
 *   busy.end();
 * </pre>
 */
public final class BusyWait {

    /** A few times what a wake-up costs. */
    public static final Duration MOMENT = Duration.ofNanos(50_000);

    /** After a wait as long as this the next one is not expected to be short: four moments. */
    private static final long LONG_NANOS = 4 * MOMENT.toNanos();

    private static final int IN_VAIN = 8;

    /** Waits without a moment after so many in vain; with them looking costs a hundredth of the time, at most. */
    private static final int PAUSE = 256;

    private final Clock clock;
    private long beganAt;
    private long tookNanos = LONG_NANOS;
    private boolean pays;
    private int inVain;
    private int pause;

    public BusyWait(Clock clock) {
        this.clock = clock;
    }

    public void begin() {
        beganAt = clock.nanoTime();
        pays = pause == 0 && tookNanos < LONG_NANOS;
        pause = Math.max(0, pause - 1);
    }

    /** Whether to look again. */
    public boolean goesOn() {
        return pays && clock.nanoTime() - beganAt < MOMENT.toNanos();
    }

    /** It is there, or the thread has slept. */
    public void end() {
        tookNanos = clock.nanoTime() - beganAt;
        if (pays && tookNanos < MOMENT.toNanos()) {
            inVain = 0;
        } else if (pays && ++inVain == IN_VAIN) {
            inVain = 0;
            pause = PAUSE;
        }
    }
}
