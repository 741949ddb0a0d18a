package dev.shunt.engine.manager;

import dev.shunt.task.TaskOptions;
import dev.shunt.time.Clock;
import dev.shunt.timer.Loop;

/**
 * The clocks, each read once in a turn of the loop where that is exact enough: a reading costs a tenth of all that a task
 * costs here. On other threads it is read each time.
 */
final class TurnTime {

    private final Loop loop;
    private final Clock clock;
    private long turn = -1;
    private long epochMillis;
    private long nanosTurn = -1;
    private long nanos;

    TurnTime(Loop loop, Clock clock) {
        this.loop = loop;
        this.clock = clock;
    }

    /** When something with these options is accepted, by the monotonic clock: exactly if that matters. */
    long nanosOf(TaskOptions options) {
        return isTimed(options) ? clock.nanoTime() : nanoTime();
    }

    /** As {@link #nanosOf}, in epoch milliseconds. */
    long millisOf(TaskOptions options) {
        return isTimed(options) ? clock.epochMillis() : epochMillis();
    }

    private static boolean isTimed(TaskOptions options) {
        return !options.delay().isZero() || options.deadline().isPresent();
    }

    long epochMillis() {
        if (!loop.inLoop()) {
            return clock.epochMillis();
        }
        if (turn != loop.turn()) {
            turn = loop.turn();
            epochMillis = clock.epochMillis();
        }
        return epochMillis;
    }

    /** As {@link #epochMillis}, by the monotonic clock. */
    long nanoTime() {
        if (!loop.inLoop()) {
            return clock.nanoTime();
        }
        if (nanosTurn != loop.turn()) {
            nanosTurn = loop.turn();
            nanos = clock.nanoTime();
        }
        return nanos;
    }
}
