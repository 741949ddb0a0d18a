package dev.shunt.task;

import org.jspecify.annotations.Nullable;

/** As {@link TypedTask}, for a handler that returns its result, as a {@link TaskHandler} does. */
@FunctionalInterface
public interface AnsweringTask<T, R extends @Nullable Object> {

    R run(T payload, Task task) throws Exception;
}
