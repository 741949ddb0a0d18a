package dev.shunt.task;

import dev.shunt.data.Data;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Hears of a task on the slot that asked for it, or on that slot's successor. */
public interface TaskListener {

    /** Once, unless everything has been said by {@link #finished}. */
    void ended(Result result);

    /** {@link Task#finish} was called, and the handler still runs. Only whoever hears of all tasks is told so. */
    default void finished(Result.Done result) {
        ended(result);
    }

    /** {@link Task#progress} was called. */
    default void progressed(Data progress) {}

    /** The task is as durable as its options ask for; or it is not, and then it will be rejected. */
    default void stored(@Nullable IOException problem) {}
}
