package dev.shunt.engine;

import dev.shunt.data.Data;
import dev.shunt.dispatch.Failed;
import dev.shunt.ipc.Frame;
import dev.shunt.ipc.Frame.Outcome;
import dev.shunt.task.Failure;
import dev.shunt.task.Result;
import dev.shunt.task.Retry;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * How a lease or a task ended, in the form in which it travels: a result, an encoded failure, or a reason.
 *
 * @param retryNanos what the handler wants done about a failure, as in {@link Frame.Settled}
 */
record Settlement(Outcome outcome, Data data, long retryNanos) {

    /** A century is long enough, and can be added to a clock's reading. */
    private static final long MAX_DELAY_NANOS = TimeUnit.DAYS.toNanos(36_500);

    static final Settlement ANSWERED = of(Outcome.ANSWERED, Data.empty());

    static Settlement of(Outcome outcome, Data data) {
        return new Settlement(outcome, data, Frame.BY_TERMS);
    }

    static Settlement done(Data data) {
        return of(Outcome.DONE, data);
    }

    static Settlement failed(Throwable thrown) {
        return failed(thrown, Retry.byOptions());
    }

    static Settlement failed(Throwable thrown, Retry retry) {
        long nanos = switch (retry) {
            case Retry.ByOptions _ -> Frame.BY_TERMS;
            case Retry.GiveUp _ -> Frame.GIVE_UP;
            case Retry.After after -> Math.min(TimeUnit.NANOSECONDS.convert(after.delay()), MAX_DELAY_NANOS);
        };
        return new Settlement(Outcome.FAILED, Data.of(Failure.of(thrown)), nanos);
    }

    static Settlement lost(String reason) {
        return of(Outcome.LOST, Data.of(reason));
    }

    static Settlement rejected(String reason) {
        return of(Outcome.REJECTED, Data.of(reason));
    }

    /** As the dispatcher takes it: null if it did not fail. */
    static @Nullable Failed failed(Outcome outcome, long retryNanos) {
        if (outcome != Outcome.FAILED) {
            return null;
        }
        return retryNanos == Frame.BY_TERMS
                ? Failed.BY_TERMS
                : retryNanos == Frame.GIVE_UP ? Failed.FOR_GOOD : new Failed(false, retryNanos);
    }

    Failure failure() {
        return data.as(Failure.class);
    }

    /** Why there is no result, in words. */
    String reason() {
        return switch (outcome) {
            case FAILED -> failure().stack();
            case LOST, REJECTED -> data.text();
            case TIMED_OUT -> "it took too long";
            case CANCELLED -> "it was cancelled";
            case DONE, ANSWERED -> "";
        };
    }

    Result asResult(long taskId, Data context) {
        return switch (outcome) {
            case DONE, ANSWERED -> new Result.Done(taskId, data, context);
            case FAILED -> new Result.Failed(taskId, failure(), context);
            case LOST -> new Result.Lost(taskId, data.text(), context);
            case REJECTED -> new Result.Rejected(taskId, data.text(), context);
            case TIMED_OUT -> new Result.TimedOut(taskId, context);
            case CANCELLED -> new Result.Cancelled(taskId, context);
        };
    }
}
