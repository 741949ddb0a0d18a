package dev.shunt.plan;

import dev.shunt.check.Check;
import dev.shunt.task.TaskLog;
import java.time.Duration;
import java.util.Optional;

/**
 * What concerns the whole program.
 *
 * @param loops event loops of the manager, which own all accepted connections
 * @param stopDeadline how long running work may take to finish when the program stops
 * @param log opens where durable tasks and dead letters are kept; dead letters are kept in memory without it
 * @param childMain the class whose {@code main} children run, where the manager's own cannot be run again
 */
public record Settings(
        int loops,
        Duration stopDeadline,
        QueueLimit queue,
        Optional<TaskLog.Opener> log,
        Optional<Class<?>> childMain,
        ProcessSettings processes) {

    /** A loop for four cores: the others are for slots and children. */
    public static final int DEFAULT_LOOPS = Math.max(1, Runtime.getRuntime().availableProcessors() / 4);

    public static final Settings DEFAULT = new Settings(
            DEFAULT_LOOPS,
            Duration.ofSeconds(3),
            QueueLimit.DEFAULT,
            Optional.empty(),
            Optional.empty(),
            ProcessSettings.DEFAULT);

    public Settings {
        Check.count("event loops", loops, 1, "without, it is 1 for 4 cores");
        stopDeadline = Check.notNegative("maxWaitTime", stopDeadline);
        if (queue.whenFull() == WhenFull.SPILL && log.isEmpty()) {
            throw new IllegalArgumentException(
                    "tasks are to spill into the log when the queue is full, but there is no log; set one with taskLog(...)");
        }
    }

    public Settings withLoops(int count) {
        return new Settings(count, stopDeadline, queue, log, childMain, processes);
    }
}
