package dev.shunt.dispatch;

import dev.shunt.task.RateLimit;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * What holds for all work of one group.
 *
 * @param maxQueued tasks that may wait; more are rejected
 * @param yieldGrace how long an interrupted handler may take to end before its child is replaced
 * @param maxRuns for each of its slots, after which a child is replaced; 0 for never
 * @param maxRunsJitter up to this many more, at random, so that children do not retire together
 * @param rates of the types of task, in their order
 */
public record DispatcherOptions(
        int maxQueued, Duration yieldGrace, int maxRuns, int maxRunsJitter, List<Optional<RateLimit>> rates) {

    public static final Duration YIELD_GRACE = Duration.ofSeconds(1);

    public DispatcherOptions {
        rates = List.copyOf(rates);
    }

    public static DispatcherOptions ofMaxQueued(int maxQueued) {
        return new DispatcherOptions(maxQueued, YIELD_GRACE, 0, 0, List.of());
    }

    /** After which a child with so many slots is to be replaced; 0 for never. */
    long runsOf(int slots, RandomGenerator random) {
        return maxRuns == 0 ? 0 : (long) maxRuns * slots + random.nextInt(maxRunsJitter + 1);
    }
}
