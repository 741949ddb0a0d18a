package dev.shunt.pool;

import dev.shunt.check.Check;
import dev.shunt.plan.QueueLimit;
import dev.shunt.plan.WhenFull;
import java.util.function.UnaryOperator;

/** How much may wait in a pool, and what becomes of more. */
public sealed interface QueueDeclarations permits TaskPool.Builder {

    /** How many tasks may wait for a slot; what becomes of one more, {@link #whenQueueFull} says. Default 100,000. */
    default TaskPool.Builder maxQueuedTasks(int value) {
        return queue(
                "maxQueuedTasks",
                queue -> queue.withMaxTasks(Check.count("maxQueuedTasks", value, 1, "without, it is 100,000")));
    }

    /** How many bytes those, and those that run, may have. Default: a quarter of the heap. */
    default TaskPool.Builder maxQueuedBytes(long value) {
        return queue("maxQueuedBytes", queue -> queue.withMaxBytes(value));
    }

    /** How many may wait in memory for their time or their turn, beside those. Default 100,000. */
    default TaskPool.Builder maxDelayedTasks(int value) {
        return queue("maxDelayedTasks", queue -> queue.withMaxDelayed(value));
    }

    /** How many bytes these may have. Default: an eighth of the heap. */
    default TaskPool.Builder maxDelayedBytes(long value) {
        return queue("maxDelayedBytes", queue -> queue.withMaxDelayedBytes(value));
    }

    /**
     * How many bytes of results may wait for each slot that asked for them and is busy: while more do, further tasks that it
     * has asked for do not begin. Default: 64 MiB, or a sixteenth of the heap if that is less.
     */
    default TaskPool.Builder maxResultBytes(long value) {
        return queue("maxResultBytes", queue -> queue.withMaxResultBytes(value));
    }

    /** What becomes of a task that is submitted while as many wait as may. Default: it is rejected. */
    default TaskPool.Builder whenQueueFull(WhenFull value) {
        return queue("whenQueueFull", queue -> queue.withWhenFull(value));
    }

    /** For this package. */
    TaskPool.Builder queue(String call, UnaryOperator<QueueLimit> change);
}
