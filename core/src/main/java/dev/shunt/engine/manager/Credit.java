package dev.shunt.engine.manager;

import dev.shunt.time.Clock;
import java.util.function.IntSupplier;

/**
 * How many tasks of the queue that nodes share one group may be handed: those for which it has slots, and ahead of them what
 * it has run in the last moment, so that slots with short tasks do not wait for the queue, and no node keeps from the others
 * what it will not run soon. Lives on the main loop.
 */
final class Credit {

    /** Ahead is what was run in such a time. */
    static final long WINDOW_NANOS = 100_000_000;

    private static final int MOST_AHEAD = 1_000;
    private static final int MANY = 64;

    private final IntSupplier slots;
    private final Clock clock;
    private long windowStart;
    private int endedInWindow;
    private int endedBefore;
    private long handed;
    private int held;

    /** @param slots as many as there are now */
    Credit(IntSupplier slots, Clock clock) {
        this.slots = slots;
        this.clock = clock;
        this.windowStart = clock.nanoTime();
    }

    void handed(int count) {
        handed += count;
        held += count;
    }

    /** One is no longer held. */
    void left(boolean ran) {
        held--;
        look();
        if (ran) {
            endedInWindow++;
        }
    }

    private void look() {
        long passed = clock.nanoTime() - windowStart;
        if (passed >= WINDOW_NANOS) {
            endedBefore = passed < 2 * WINDOW_NANOS ? endedInWindow : 0;
            endedInWindow = 0;
            windowStart = clock.nanoTime();
        }
    }

    /**
     * How many it may have been handed in all. Where many are run in a moment, none more while half of them are here: asked for
     * one by one each would cost what a hundred do.
     *
     * @param others tasks that nodes do not share, which have slots or wait for them
     * @param nobodyTakesThem whether tasks wait that no node with free slots has taken
     */
    long total(int others, boolean nobodyTakesThem) {
        look();
        long before = handed - held;
        int now = slots.getAsInt();
        if (others < now) {
            int ahead = ahead();
            long most = (long) now - others + ahead;
            return ahead >= MANY && held > most - ahead / 2 ? handed : before + most;
        }
        return nobodyTakesThem ? before + now : before; // there they have their turn with the others
    }

    private int ahead() {
        return Math.min(MOST_AHEAD, Math.max(endedBefore, endedInWindow));
    }

    /** Whether the total goes down by itself, with time. */
    boolean fades() {
        look();
        return ahead() > 0;
    }

    int held() {
        return held;
    }
}
