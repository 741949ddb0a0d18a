package dev.shunt.calls;

import dev.shunt.check.Check;
import dev.shunt.http.Response;
import dev.shunt.task.DeadTask;
import dev.shunt.task.Finished;
import dev.shunt.task.NoCallback;
import dev.shunt.task.Result;
import dev.shunt.task.Task;
import dev.shunt.task.TaskBatch;
import dev.shunt.task.TaskHandle;
import dev.shunt.task.TaskListener;
import dev.shunt.task.TaskOptions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What can be asked of tasks while the program runs: from its callbacks in every process, and from any thread of the
 * manager. A payload is bytes, text, or a record or POJO for the codec.
 */
public interface TaskCalls {

    /** How long {@link #taskWait(Object)} waits; Swoole's default. */
    Duration TASK_WAIT = Duration.ofMillis(500);

    /** For this package. */
    FaceState<?> state();

    /** Hands data to a slot for tasks and returns the task's id at once; its result goes to {@code onFinish}. */
    default long task(Object data) {
        return task(data, TaskOptions.DEFAULT);
    }

    /** As {@link #task(Object)}; the callback gets the result where this was called, in place of {@code onFinish}. */
    default long task(Object data, @Nullable Consumer<? super Result> callback) {
        return task(data, TaskOptions.DEFAULT, callback);
    }

    /**
     * Answers a request of HTTP with the result of a task. A full queue is 503 with {@code Retry-After}, a task that took too
     * long 504, any other that has no result 500.
     *
     * @param response to which nothing has been given but a status and headers, for the result
     */
    default TaskHandle answerWith(Response response, Object data) {
        return answerWith(response, data, TaskOptions.DEFAULT);
    }

    default TaskHandle answerWith(Response response, Object data, TaskOptions options) {
        var task = submit(data, options);
        var _ = task.result().thenAccept(result -> TaskAnswer.give(result, response));
        return task;
    }

    /** What {@code task(data, null)} means: no callback. */
    default long task(Object data, @Nullable NoCallback none) {
        return task(data);
    }

    /** As {@link #task(Object)}, for one slot for tasks: from 0, not a worker id; negative for any. */
    default long task(Object data, int taskWorkerIndex) {
        return task(data, TaskOptions.DEFAULT.slot(taskWorkerIndex));
    }

    default long task(Object data, int taskWorkerIndex, @Nullable Consumer<? super Result> callback) {
        return task(data, TaskOptions.DEFAULT.slot(taskWorkerIndex), callback);
    }

    default long task(Object data, TaskOptions options) {
        return task(data, options, null);
    }

    default long task(Object data, TaskOptions options, @Nullable Consumer<? super Result> callback) {
        var submission = state().submission(data, options);
        TaskListener listener = callback == null ? null : callback::accept;
        return state().engine().submit(submission, listener);
    }

    /**
     * As {@link #task(Object)}; returns what follows the task: its result, its progress, that it is stored, cancelling
     * it.
     */
    default TaskHandle submit(Object task) {
        return submit(task, TaskOptions.DEFAULT);
    }

    default TaskHandle submit(Object task, TaskOptions options) {
        var submission = state().submission(task, options);
        return state().engine().start(submission);
    }

    /** Submits tasks that belong together; {@link TaskBatch#results} completes when all have ended. */
    default TaskBatch submitAll(List<?> batch) {
        return submitAll(batch, TaskOptions.DEFAULT);
    }

    default TaskBatch submitAll(List<?> batch, TaskOptions options) {
        return new TaskBatch(batch.stream().map(task -> submit(task, options)).toList());
    }

    /** Waits for a task for up to {@link #TASK_WAIT}. */
    default Result taskWait(Object data) {
        return taskWait(data, TASK_WAIT);
    }

    /**
     * Runs a task and waits for its result on this thread; {@link Result.TimedOut} after {@code timeout}, which does not
     * stop the task.
     *
     * @throws IllegalStateException on an event loop
     */
    default Result taskWait(Object data, Duration timeout) {
        return taskWait(data, timeout, -1);
    }

    /** As {@link #taskWait(Object, Duration)}, for one slot, as in {@link #task(Object, int)}. */
    default Result taskWait(Object data, Duration timeout, int taskWorkerIndex) {
        var patience = Check.notNegative("taskWait", timeout);
        var submission = state().submission(data, TaskOptions.DEFAULT.slot(taskWorkerIndex));
        return state().engine().await(submission, patience);
    }

    /** As the other one, for up to {@link #TASK_WAIT}. */
    default Map<Integer, Result> taskWaitMulti(List<?> data) {
        return taskWaitMulti(data, TASK_WAIT);
    }

    /**
     * Runs tasks and waits for all their results on this thread: by the index of the task, missing where it did not end
     * within {@code timeout}. As many as you like.
     *
     * @throws IllegalStateException on an event loop; there use {@link #taskCo}
     */
    default Map<Integer, Result> taskWaitMulti(List<?> data, Duration timeout) {
        var patience = Check.notNegative("taskWaitMulti", timeout);
        var submissions = state().submissions(data);
        var results = state().engine().await(submissions, patience);
        var byIndex = new TreeMap<Integer, Result>();
        for (int i = 0; i < results.size(); i++) {
            if (!(results.get(i) instanceof Result.TimedOut)) {
                byIndex.put(i, results.get(i));
            }
        }
        return byIndex;
    }

    /** As the other one, for up to {@link #TASK_WAIT}. */
    default CompletionStage<List<Result>> taskCo(List<?> data) {
        return taskCo(data, TASK_WAIT);
    }

    /**
     * Runs tasks without waiting: completes where this was called with all results, in the order of the tasks,
     * {@link Result.TimedOut} for those that have not ended after {@code timeout}, which does not stop them.
     */
    default CompletionStage<List<Result>> taskCo(List<?> data, Duration timeout) {
        var patience = Check.notNegative("taskCo", timeout);
        var submissions = state().submissions(data);
        return Gathering.of(state().engine(), submissions, patience);
    }

    /**
     * In a task handler: the same as {@link Task#finish} of the task that runs on this thread.
     *
     * @return for a handler to return, if this is its result
     */
    default Finished finish(@Nullable Object result) {
        return state().finish(result);
    }

    /**
     * Dead letters in the order of their ids, from the first id above {@code afterId} on; -1 for all. So many, or fewer if their
     * payloads have 64 MiB, a sixteenth of the manager's heap if that is less: the next list begins after the last of them.
     * From any process; fails if the program has stopped.
     */
    default CompletionStage<List<DeadTask>> deadTasks(long afterId, int limit) {
        return state().engine().deadTasks(afterId, limit);
    }

    /**
     * Ends a task that was submitted with {@link #submit}, as {@link TaskHandle#cancel} does, or a durable one that nodes share,
     * wherever it was submitted and runs. False if it is over, or not known. In the manager only, as {@link #deadTasks}.
     */
    default CompletionStage<Boolean> cancelTask(long taskId) {
        return state().engine().cancelTask(taskId);
    }

    /**
     * Runs a dead letter again, from its first attempt; its result goes to {@code onFinish}. False if there is none; fails, and
     * it stays a letter, if no handler is there for it, or another task has its unique key.
     */
    default CompletionStage<Boolean> rerunDeadTask(long taskId) {
        return state().engine().rerun(taskId);
    }

    /** Forgets a dead letter; false if there is none of that id. */
    default CompletionStage<Boolean> discardDeadTask(long taskId) {
        return state().engine().discard(taskId);
    }
}
