package dev.shunt.plan;

import dev.shunt.check.Check;
import dev.shunt.data.Codec;
import dev.shunt.task.TaskLog;
import dev.shunt.task.TaskQueue;
import java.time.Duration;
import java.util.Optional;

/**
 * What concerns the whole program.
 *
 * @param loops event loops of the manager, which own all accepted connections
 * @param stopDeadline how long running work may take to finish when the program stops
 * @param log opens where durable tasks and dead letters are kept; dead letters are kept in memory without it
 * @param taskQueue opens where durable tasks are kept that several nodes share, in place of a log
 * @param maxConnectionMemory bytes that all connections of a process may hold together, of messages that are not whole
 *     and of what waits to be sent; above it the one that holds most is cut (a quarter of the heap)
 * @param childMain the class whose {@code main} children run, where the manager's own cannot be run again
 * @param codec turns objects of tasks and messages between slots into bytes and back
 * @param shared what tables and counters of all processes hold at most
 */
public record Settings(
        int loops,
        Duration stopDeadline,
        QueueLimit queue,
        Optional<TaskLog.Opener> log,
        Optional<TaskQueue.Opener> taskQueue,
        long maxConnectionMemory,
        Optional<Class<?>> childMain,
        ProcessSettings processes,
        Codec codec,
        SharedLimit shared) {

    /** A loop for four cores: the others are for slots and children. */
    public static final int DEFAULT_LOOPS = Math.max(1, Runtime.getRuntime().availableProcessors() / 4);

    /** The least that is of use. */
    private static final long LEAST_MEMORY = 1 << 20;

    public static final long DEFAULT_CONNECTION_MEMORY =
            Math.max(LEAST_MEMORY, Runtime.getRuntime().maxMemory() / 4);

    public static final Settings DEFAULT = new Settings(
            DEFAULT_LOOPS,
            Duration.ofSeconds(3),
            QueueLimit.DEFAULT,
            Optional.empty(),
            DEFAULT_CONNECTION_MEMORY,
            Optional.empty(),
            ProcessSettings.DEFAULT);

    public Settings {
        Check.count("event loops", loops, 1, "without, it is 1 for 4 cores");
        stopDeadline = Check.notNegative("maxWaitTime", stopDeadline);
        if (maxConnectionMemory < LEAST_MEMORY) {
            throw new IllegalArgumentException("maxConnectionMemory " + maxConnectionMemory
                    + " bytes are too few for all connections together; give at least " + LEAST_MEMORY);
        }
        if (log.isPresent() && taskQueue.isPresent()) {
            throw new IllegalArgumentException(
                    "both taskLog(...) and taskQueue(...) are set, and durable tasks can be in one"
                            + " place only; leave taskLog(...) out for a fleet, and bring an old log in with takeFrom(...) of the queue");
        }
        if (queue.whenFull() == WhenFull.SPILL && log.isEmpty() && taskQueue.isEmpty()) {
            throw new IllegalArgumentException(
                    "tasks are to spill into the log when the queue is full, but there is no log; set one with taskLog(...)");
        }
    }

    /** With objects as JSON, and the default of what processes share. */
    public Settings(
            int loops,
            Duration stopDeadline,
            QueueLimit queue,
            Optional<TaskLog.Opener> log,
            long maxConnectionMemory,
            Optional<Class<?>> childMain,
            ProcessSettings processes) {
        this(
                loops,
                stopDeadline,
                queue,
                log,
                Optional.empty(),
                maxConnectionMemory,
                childMain,
                processes,
                Codec.json(),
                SharedLimit.DEFAULT);
    }

    public Settings withCodec(Codec value) {
        return new Settings(
                loops, stopDeadline, queue, log, taskQueue, maxConnectionMemory, childMain, processes, value, shared);
    }

    public Settings withShared(SharedLimit value) {
        return new Settings(
                loops, stopDeadline, queue, log, taskQueue, maxConnectionMemory, childMain, processes, codec, value);
    }

    /** With durable tasks where nodes share them, or not if it is empty. */
    public Settings withTaskQueue(Optional<TaskQueue.Opener> value) {
        return new Settings(
                loops, stopDeadline, queue, log, value, maxConnectionMemory, childMain, processes, codec, shared);
    }

    public Settings withLoops(int count) {
        return new Settings(
                count, stopDeadline, queue, log, taskQueue, maxConnectionMemory, childMain, processes, codec, shared);
    }
}
