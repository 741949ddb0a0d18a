package dev.shunt.task;

/** Runs tasks of one type, one at a time per slot. May block, may throw, may {@link Task#finish} with a result. */
@FunctionalInterface
public interface TypedTask<T> {

    void run(T payload, Task task) throws Exception;
}
