package dev.shunt.benchmarks.load;

import java.time.Duration;

/**
 * How much work a run takes upon itself.
 *
 * @param rounds measured of each contender
 * @param duration of a measured round
 * @param warmUp of the round before them that does not count
 * @param quick few cases, and no waiting for a steady state: to see that all works, not to measure
 * @param connections of the load generator
 * @param perSecond requests due, over all connections; 0 for the closed loop
 * @param counts false for the warm-up, which a cold program may fail to serve
 */
record Effort(
        int rounds,
        Duration duration,
        Duration warmUp,
        boolean quick,
        int connections,
        double perSecond,
        boolean counts) {

    static final int ROUNDS = 5;
    static final int CONNECTIONS = 50;

    /** What is measured without options. */
    static final Effort FULL =
            new Effort(ROUNDS, Duration.ofSeconds(2), Duration.ofSeconds(4), false, CONNECTIONS, 0, true);

    static final Effort QUICK = new Effort(1, Duration.ofMillis(200), Duration.ofMillis(500), true, 8, 0, true);

    Effort warmingUp() {
        return new Effort(1, warmUp, warmUp, quick, connections, perSecond, false);
    }
}
