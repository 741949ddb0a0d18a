package dev.shunt.engine.manager;

import dev.shunt.timer.Loop;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Tasks that other threads submit, until the main loop comes to them: it may be held up meanwhile, so they have a bound in bytes
 * of their own. Any thread.
 */
final class Elsewhere {

    private final Loop loop;
    private final long maxBytes;
    private final BiConsumer<TaskItem, @Nullable Runnable> accept;
    private final Consumer<TaskItem> refuse;
    private final AtomicLong bytes = new AtomicLong();

    /** Of those refused, which the loop has not come to either. */
    private final AtomicLong refusedBytes = new AtomicLong();

    /**
     * @param accept called on the loop
     * @param refuse called there with one, without its payload, for which there was no room on its way
     */
    Elsewhere(Loop loop, long maxBytes, BiConsumer<TaskItem, @Nullable Runnable> accept, Consumer<TaskItem> refuse) {
        this.loop = loop;
        this.maxBytes = maxBytes;
        this.accept = accept;
        this.refuse = refuse;
    }

    /**
     * @param taken as in {@link Tasks#submit}; who waits for that submits nothing meanwhile, and is never refused
     * @throws IllegalStateException if there are so many to be refused that their callers are not told either
     */
    void submit(TaskItem task, @Nullable Runnable taken) {
        int size = task.bytes();
        long all = bytes.addAndGet(size);
        boolean fits = taken != null || all == size || all <= maxBytes;
        if (!fits) {
            bytes.addAndGet(-size);
        }
        try {
            loop.execute(fits ? arriving(task, size, taken) : refused(task.withoutData()));
        } catch (RejectedExecutionException e) {
            throw new IllegalStateException("the program has stopped and takes no more tasks", e);
        }
    }

    private Runnable arriving(TaskItem task, int size, @Nullable Runnable taken) {
        return () -> {
            bytes.addAndGet(-size);
            accept.accept(task, taken);
        };
    }

    private Runnable refused(TaskItem task) {
        int size = task.bytes();
        if (refusedBytes.addAndGet(size) > maxBytes) {
            long waiting = refusedBytes.addAndGet(-size);
            throw new IllegalStateException("the event loop that takes tasks in is held up: " + maxBytes
                    + " bytes of tasks (maxQueuedBytes) wait for it, and " + waiting
                    + " of those that it is to refuse; this one is not submitted, try again later");
        }
        return () -> {
            refusedBytes.addAndGet(-size);
            refuse.accept(task);
        };
    }
}
