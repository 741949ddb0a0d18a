package dev.shunt.spring;

import dev.shunt.pool.TaskPool;
import dev.shunt.task.Result;
import dev.shunt.task.TaskBatch;
import dev.shunt.task.TaskHandle;
import dev.shunt.task.TaskOptions;
import java.util.List;

/**
 * Asks for tasks, which methods with {@link ShuntTask} run: to be injected anywhere, also where tasks run. Safe for use by
 * any thread, once the application has started.
 */
public interface ShuntTasks {

    /** Hands a task to a slot and returns at once what follows it, with {@link #options} of its type. */
    TaskHandle submit(Object task);

    /** As the other one, with these options only. */
    TaskHandle submit(Object task, TaskOptions options);

    /** Submits tasks that belong together; {@link TaskBatch#results} completes when all have ended. */
    TaskBatch submitAll(List<?> tasks);

    /**
     * Submits a task and waits for its result on this thread, platform or virtual.
     *
     * @throws InterruptedException the task goes on
     */
    Result await(Object task) throws InterruptedException;

    /** What the annotation and the properties say for tasks of a type: to be changed for one of them. */
    TaskOptions options(Class<?> type);

    /** What runs the tasks: its numbers, its dead letters, all else that can be asked of tasks. */
    TaskPool pool();
}
