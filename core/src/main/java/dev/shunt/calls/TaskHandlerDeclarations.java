package dev.shunt.calls;

import dev.shunt.check.Check;
import dev.shunt.task.AnsweringPayload;
import dev.shunt.task.AnsweringTask;
import dev.shunt.task.Finished;
import dev.shunt.task.PayloadTask;
import dev.shunt.task.RateLimit;
import dev.shunt.task.Result;
import dev.shunt.task.RetryDecision;
import dev.shunt.task.Task;
import dev.shunt.task.TaskCallback;
import dev.shunt.task.TaskHandler;
import dev.shunt.task.TaskOptions;
import dev.shunt.task.TypedTask;
import java.time.Duration;
import java.time.ZoneId;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What can be said before the program starts about the tasks of one group of slots: what runs them, and when the clock
 * submits some.
 *
 * <p>Type variables of handlers that return something have speaking names: a compiler prints them when a handler returns
 * nothing, where the other form is meant.
 *
 * @param <S> the face or its group, which every declaration returns
 */
public interface TaskHandlerDeclarations<S> {

    /** For this package. */
    FaceState<S> state();

    /**
     * Runs a task on a slot for tasks: {@code task -> thumbnail(task.data())}. Returns its result; null if there is
     * none, or what {@code finish} returns if that gave it. What it throws is a failure for whoever asked, not the end
     * of the slot. A {@link java.util.concurrent.CompletionStage} or {@link java.util.concurrent.Future} is waited for: the
     * slot stays taken, and how that ends is how the task does. If the task is to end before, a {@code Future} is cancelled.
     */
    default <RESULT_or_use_two_parameters extends @Nullable Object> S onTask(
            TaskHandler<RESULT_or_use_two_parameters> handler) {
        state().declaring("onTask").untyped(Check.given("onTask", handler));
        return state().self();
    }

    /**
     * As the other one, for a handler that returns nothing; Swoole's signature:
     * {@code (_, task) -> task.finish(thumbnail(task.data()))}. It gives results with {@link Task#finish}.
     */
    default S onTask(TaskCallback<? super S> handler) {
        Check.given("onTask", handler);
        var self = state().self();
        return onTask(task -> {
            handler.on(self, task);
            return null;
        });
    }

    /**
     * Runs tasks whose payload is a {@code type}; others go to {@code onTask}. A payload that cannot be read as one
     * fails that task alone. Whoever has a result to return uses {@link #answer}, or {@link Task#finish}; what the lambda
     * returns here is not seen, and a {@code CompletionStage} is not waited for.
     *
     * @throws IllegalStateException if the type has a handler; another group's is found at the start
     */
    default <T> S handle(Class<T> type, TypedTask<? super T> handler) {
        state().declaring("handle").handle(type, Check.given("handle", handler));
        return state().self();
    }

    default <T> S handle(Class<T> type, PayloadTask<? super T> handler) {
        Check.given("handle", handler);
        return handle(type, (payload, _) -> handler.run(payload));
    }

    /** As {@link #handle}, for a handler that returns its result, perhaps for later as in {@code onTask}, or {@link Finished}. */
    default <T, RESULT_or_use_handle extends @Nullable Object> S answer(
            Class<T> type, AnsweringTask<? super T, RESULT_or_use_handle> handler) {
        state().declaring("answer").answer(type, Check.given("answer", handler));
        return state().self();
    }

    default <T, RESULT_or_use_handle extends @Nullable Object> S answer(
            Class<T> type, AnsweringPayload<? super T, RESULT_or_use_handle> handler) {
        Check.given("answer", handler);
        return answer(type, (payload, _) -> handler.run(payload));
    }

    /** How many tasks of a type may start in a time; declared with {@link #handle} or {@link #answer}. */
    default S rateLimit(Class<?> type, int count, Duration per) {
        state().declaring("rateLimit").rate(type, new RateLimit(count, per));
        return state().self();
    }

    /**
     * Durable tasks and dead letters that a log has under this class name are of this type: that class has been renamed or
     * moved. Declared with {@link #handle} or {@link #answer}.
     *
     * @param formerName as {@link Class#getName}, such as {@code com.example.Welcome}
     * @throws IllegalArgumentException if it is one of another type; another's class of that name is found at the start
     */
    default S alias(Class<?> type, String formerName) {
        state().declaring("alias").formerName(type, formerName);
        return state().self();
    }

    /** Decides, where the task ran, whether a task whose handler threw is run again. Default: its options do. */
    default S onTaskError(RetryDecision decision) {
        state().declaring("onTaskError").retry(Check.given("onTaskError", decision));
        return state().self();
    }

    /**
     * Submits a task whenever an expression of cron is due, by this machine's clock and time zone: minute, hour, day of
     * month, month, day of week, or {@code @hourly}, {@code @daily}, {@code @weekly}, {@code @monthly}, {@code
     * @yearly}. Either day is enough, unless one of the two fields begins with {@code *}. The manager alone keeps
     * schedules, so that a reload neither repeats nor skips a run.
     *
     * <ul>
     *   <li>{@code task} is called in the manager, where {@code onStart} runs or on a thread for it, and must not block there.
     *       What it returns is submitted as by {@link TaskCalls#task(Object)}, and its result goes to {@code onFinish} or
     *       {@code onTaskFailed} there. If it throws, that is logged, and there is no task this time.
     *   <li>While the task of the time before has not ended, a new one is {@link Result.Rejected}: it has the unique key
     *       {@code schedule:NAME}, unless the options have one of their own.
     *   <li>What was due while the program was down, or its machine asleep for three hours, or {@code task} busy, is not
     *       made up for. Nodes that share a task queue make up for what was due in the last five minutes, the last hundred
     *       times at most, while none of them lived.
     *   <li>A local time that a change to summer time leaves out is due as soon as it has been left out; one that comes twice
     *       in autumn is due the first time only. Expressions with {@code *} for the hour are due in each hour that there is.
     *   <li>If the clock is set, that is noticed within a minute. By less than three hours: what was left out is due once,
     *       what was due is not due again, and what is due several times in an hour goes by the new time. By more: the new
     *       time counts at once. Vixie's cron has these rules.
     *   <li>Once a stop has begun, nothing is due any more.
     * </ul>
     *
     * @throws IllegalArgumentException if the expression is none, or there is a schedule of that name
     * @throws IllegalStateException if the program has started
     */
    default S schedule(String name, String cron, Supplier<? extends @Nullable Object> task) {
        state().declaring("schedule '" + name + "'").schedule(name, cron, task);
        return state().self();
    }

    /** As the other one, in a time zone, and with options for each of its tasks. */
    default S schedule(
            String name, String cron, ZoneId zone, TaskOptions options, Supplier<? extends @Nullable Object> task) {
        state().declaring("schedule '" + name + "'").schedule(name, cron, zone, options, task);
        return state().self();
    }

    /** As the other ones, again and again: first {@code interval} after the start. The clock may be set meanwhile. */
    default S schedule(String name, Duration interval, Supplier<? extends @Nullable Object> task) {
        return schedule(name, interval, TaskOptions.DEFAULT, task);
    }

    default S schedule(String name, Duration interval, TaskOptions options, Supplier<? extends @Nullable Object> task) {
        state().declaring("schedule '" + name + "'").schedule(name, interval, options, task);
        return state().self();
    }
}
