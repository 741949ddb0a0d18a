package dev.shunt.dispatch;

import dev.shunt.task.RateLimit;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What holds for all work of one group.
 *
 * @param maxQueued tasks that may wait; more are rejected
 * @param yieldGrace how long an interrupted handler may take to end before its child is replaced
 * @param maxRuns after which a child is replaced; 0 for never
 * @param maxRunsSpread up to this many more, at random, so that children do not retire together
 * @param rates of the types of task, in their order
 */
public record DispatcherOptions(
        int maxQueued, Duration yieldGrace, int maxRuns, int maxRunsSpread, List<Optional<RateLimit>> rates) {

    public static final Duration YIELD_GRACE = Duration.ofSeconds(1);

    public DispatcherOptions {
        rates = List.copyOf(rates);
    }

    public static DispatcherOptions ofMaxQueued(int maxQueued) {
        return new DispatcherOptions(maxQueued, YIELD_GRACE, 0, 0, List.of());
    }
}
