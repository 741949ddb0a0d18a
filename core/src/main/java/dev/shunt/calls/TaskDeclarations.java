package dev.shunt.calls;

import dev.shunt.check.Check;
import dev.shunt.stats.Stats;
import dev.shunt.task.Result;
import dev.shunt.task.Task;
import java.util.function.Consumer;

/**
 * What can be said about tasks before the program starts: of one group of slots, and of the results and the queues of all.
 *
 * @param <S> the face, which every declaration returns
 */
public interface TaskDeclarations<S> extends TaskHandlerDeclarations<S> {

    /**
     * On the worker that asked, for each result: of every {@link Task#finish}, and of what a handler returns; without
     * either once, with empty data, when the task has ended well. Not for tasks with a callback or handle of their own.
     */
    default S onFinish(Consumer<? super Result.Done> callback) {
        state().hearing("onFinish").results.onFinish(Check.given("onFinish", callback));
        return state().self();
    }

    /** On the worker that asked, for each such task that did not end well. Default: a line in the log. */
    default S onTaskFailed(Consumer<? super Result> callback) {
        state().hearing("onTaskFailed").results.onTaskFailed(Check.given("onTaskFailed", callback));
        return state().self();
    }

    /**
     * In the manager: four fifths of the tasks that may wait for a group do. Not again before {@link
     * #onTaskQueueDrain}.
     */
    default S onTaskQueueFull(Consumer<? super Stats> callback) {
        state().hearing("onTaskQueueFull").queueFull = Check.given("onTaskQueueFull", callback);
        return state().self();
    }

    /**
     * In the manager: a queue was full, and now fewer than half of the tasks that may wait for a group do, for every
     * one.
     */
    default S onTaskQueueDrain(Consumer<? super Stats> callback) {
        state().hearing("onTaskQueueDrain").queueDrain = Check.given("onTaskQueueDrain", callback);
        return state().self();
    }
}
