package dev.shunt.plan;

/**
 * How many tasks may wait in the manager's memory, and what becomes of more.
 *
 * @param maxTasks for a slot, for their time or for their turn
 */
public record QueueLimit(int maxTasks, WhenFull whenFull) {

    public static final QueueLimit DEFAULT = new QueueLimit(100_000, WhenFull.REJECT);

    public QueueLimit {
        if (maxTasks < 1) {
            throw new IllegalArgumentException("maxQueuedTasks " + maxTasks + " is below 1");
        }
    }
}
