package dev.shunt.task;

/**
 * Runs tasks as a {@link TaskHandler} does, but returns nothing; it may call {@link Task#finish}.
 *
 * @param <S> what the handler was set on
 */
@FunctionalInterface
public interface TaskCallback<S> {

    void on(S face, Task task) throws Exception;
}
