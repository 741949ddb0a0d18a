package dev.shunt.task;

import org.jspecify.annotations.Nullable;

/** Runs tasks, one at a time per slot. May block. What it throws becomes the task's {@link Result.Failed}. */
@FunctionalInterface
public interface TaskHandler {

    /** Returns the result, or null: then what {@link Task#finish} was given, if anything. */
    @Nullable Object run(Task task) throws Exception;
}
