package dev.shunt.stats;

/**
 * The program in numbers, as of one moment. Counts are since its start.
 *
 * @param startedAtMillis epoch milliseconds
 * @param connections open now
 * @param messages received from all connections
 * @param taskSlots slots that run tasks
 * @param idleTaskSlots of these, how many run nothing
 * @param tasksQueued accepted and not started: waiting in the manager, for a retry, or ahead in a child
 * @param tasksRunning started and not ended, or ended and the task log does not know yet: there may be more of
 *     these than slots
 * @param tasksDead dead letters that are kept now
 */
public record Stats(
        long startedAtMillis,
        long connections,
        long accepted,
        long closed,
        long messages,
        int slots,
        int taskSlots,
        int idleTaskSlots,
        int maxQueuedTasks,
        long tasksQueued,
        long tasksRunning,
        long tasksSubmitted,
        long tasksDone,
        long tasksFailed,
        long tasksLost,
        long tasksTimedOut,
        long tasksCancelled,
        long tasksRejected,
        long tasksRetried,
        long tasksDead,
        long childrenReplaced) {}
