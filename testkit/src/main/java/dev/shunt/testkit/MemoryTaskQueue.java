package dev.shunt.testkit;

import dev.shunt.task.TaskQueue;
import dev.shunt.time.Clock;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A queue that several nodes of one JVM share, in memory: for tests of programs that are nodes of a fleet, with no database.
 * {@code server.set(s -> s.taskQueue(queue.as("a")))} on each. It keeps what every {@link TaskQueue} keeps but for the end of
 * this process. With a clock of the test's, what comes due does so at {@link #step}; else by itself.
 */
public final class MemoryTaskQueue implements AutoCloseable {

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final SharedTasks tasks;
    private boolean closed;

    /** By the system's clock: a thread of its own sees to what comes due. */
    public MemoryTaskQueue() {
        this(Clock.system());
        Thread.ofPlatform().name("memory-task-queue").daemon().start(this::keepTime);
    }

    /** What comes due by this clock does so when {@link #step} is called. */
    public MemoryTaskQueue(Clock clock) {
        tasks = new SharedTasks(clock);
    }

    /** For a node of that name. */
    public TaskQueue.Opener as(String name) {
        return (self, listener) -> {
            lock.lock();
            try {
                return new MemoryNode(this, tasks.join(name, self, listener));
            } finally {
                unlock();
            }
        };
    }

    /** Sees to what has come due, and hands out what may run. */
    public void step() {
        with(_ -> {});
    }

    /**
     * The node is gone, as if its process had been killed: others run what it had, and what it says from now on is refused.
     * A task that five nodes in a row were gone with is a dead letter.
     */
    public void kill(String name) {
        with(all -> all.kill(name));
    }

    /** Tasks that are not over, or whose end whoever asked has not been told. */
    public int size() {
        lock.lock();
        try {
            return tasks.size();
        } finally {
            lock.unlock();
        }
    }

    interface Step {
        void on(SharedTasks tasks);
    }

    void with(Step step) {
        lock.lock();
        try {
            step.on(tasks);
        } finally {
            unlock();
        }
    }

    interface Look<T> {
        T at(SharedTasks tasks);
    }

    <T> T look(Look<T> look) {
        lock.lock();
        try {
            return look.at(tasks);
        } finally {
            lock.unlock();
        }
    }

    /** What nodes are to hear they hear without the lock, in its order. */
    private void unlock() {
        tasks.settle();
        changed.signalAll();
        var news = tasks.news();
        lock.unlock();
        news.forEach(Runnable::run);
    }

    private void keepTime() {
        while (true) {
            lock.lock();
            try {
                if (closed) {
                    return;
                }
                var _ = changed.awaitNanos(tasks.nextNanos());
            } catch (InterruptedException e) {
                return;
            } finally {
                unlock();
            }
        }
    }

    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
