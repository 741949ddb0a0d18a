package dev.shunt.task;

/** A task handler that returns nothing; it may call {@link Task#finish}. */
@FunctionalInterface
public interface TaskCallback {

    void on(Task task) throws Exception;

    default TaskHandler asHandler() {
        return task -> {
            on(task);
            return null;
        };
    }
}
