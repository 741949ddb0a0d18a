package dev.shunt.task;

/** As {@link TypedTask}, for a handler that wants nothing but the payload. */
@FunctionalInterface
public interface PayloadTask<T> {

    void run(T payload) throws Exception;
}
