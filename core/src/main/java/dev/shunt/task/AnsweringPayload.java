package dev.shunt.task;

import org.jspecify.annotations.Nullable;

/** As {@link AnsweringTask}, for a handler that wants nothing but the payload. */
@FunctionalInterface
public interface AnsweringPayload<T, R extends @Nullable Object> {

    R run(T payload) throws Exception;
}
