package dev.shunt.task;

import org.jspecify.annotations.Nullable;

/**
 * Runs tasks, one at a time per slot, and returns their results. May block. What it throws becomes the task's
 * {@link Result.Failed}.
 */
@FunctionalInterface
public interface TaskHandler<R extends @Nullable Object> {

    /** Returns the result; null or {@link Finished}: then what {@link Task#finish} was given, if anything. */
    R run(Task task) throws Exception;
}
