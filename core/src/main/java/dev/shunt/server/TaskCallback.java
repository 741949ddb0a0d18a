package dev.shunt.server;

import dev.shunt.task.Task;

/** A task handler that returns nothing; it may call {@link Task#finish}. */
@FunctionalInterface
public interface TaskCallback {

    void on(Task task) throws Exception;
}
