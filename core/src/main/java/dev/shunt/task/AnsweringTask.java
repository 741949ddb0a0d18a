package dev.shunt.task;

import org.jspecify.annotations.Nullable;

/** As {@link TypedTask}, for a handler that returns its result: bytes, text, or an object for the codec. */
@FunctionalInterface
public interface AnsweringTask<T> {

    @Nullable Object run(T payload, Task task) throws Exception;
}
