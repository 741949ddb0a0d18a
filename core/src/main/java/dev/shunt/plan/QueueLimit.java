package dev.shunt.plan;

import dev.shunt.check.Check;

/**
 * How many tasks may wait in the manager's memory, and what becomes of more.
 *
 * @param maxTasks for a slot, for their time or for their turn
 */
public record QueueLimit(int maxTasks, WhenFull whenFull) {

    public static final QueueLimit DEFAULT = new QueueLimit(100_000, WhenFull.REJECT);

    public QueueLimit {
        Check.count("maxQueuedTasks", maxTasks, 1, "without, the default is 100,000");
        Check.given("whenQueueFull", whenFull);
    }
}
