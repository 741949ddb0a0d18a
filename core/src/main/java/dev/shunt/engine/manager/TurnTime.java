package dev.shunt.engine.manager;

import dev.shunt.time.Clock;
import dev.shunt.timer.Loop;

/**
 * The wall clock, read once in a turn of the loop where that is exact enough: a reading costs a tenth of all that a task
 * costs here. On other threads it is read each time.
 */
final class TurnTime {

    private final Loop loop;
    private final Clock clock;
    private long turn = -1;
    private long epochMillis;

    TurnTime(Loop loop, Clock clock) {
        this.loop = loop;
        this.clock = clock;
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
}
