package dev.shunt.plan;

import java.time.Duration;
import java.util.Optional;

/**
 * What concerns the whole program.
 *
 * @param loops event loops of the manager, which own all accepted connections
 * @param stopDeadline how long running work may take to finish when the program stops
 * @param maxQueuedTasks tasks that may wait in one group; beyond it a task is rejected
 * @param childMain the class whose {@code main} children run, where the manager's own cannot be run again
 */
public record Settings(int loops, Duration stopDeadline, int maxQueuedTasks, Optional<Class<?>> childMain) {

    /** A loop for four cores: the others are for slots and children. */
    public static final int DEFAULT_LOOPS = Math.max(1, Runtime.getRuntime().availableProcessors() / 4);

    public static final Settings DEFAULT =
            new Settings(DEFAULT_LOOPS, Duration.ofSeconds(3), 100_000, Optional.empty());

    public Settings {
        if (loops < 1) {
            throw new IllegalArgumentException(loops + " event loops; at least 1 is needed");
        }
        if (stopDeadline.isNegative()) {
            throw new IllegalArgumentException("stop deadline " + stopDeadline + " is negative");
        }
        if (maxQueuedTasks < 1) {
            throw new IllegalArgumentException("maxQueuedTasks " + maxQueuedTasks + " is below 1");
        }
    }

    public Settings withLoops(int count) {
        return new Settings(count, stopDeadline, maxQueuedTasks, childMain);
    }
}
