package dev.shunt.engine.slots;

import dev.shunt.data.Codec;
import dev.shunt.data.Data;
import dev.shunt.dispatch.Ending;
import dev.shunt.dispatch.Failed;
import dev.shunt.task.Failure;
import dev.shunt.task.Outcome;
import dev.shunt.task.Result;
import dev.shunt.task.Retry;
import dev.shunt.time.Nanos;
import org.jspecify.annotations.Nullable;

/**
 * How a lease or a task ended, in the form in which it travels: a result, an encoded failure, or a reason.
 *
 * @param retry what the handler wants done about a failure
 */
public record Settlement(Outcome outcome, Data data, Retry retry) {

    static final Settlement ANSWERED = of(Outcome.ANSWERED, Data.empty());

    public static Settlement of(Ending ending) {
        return switch (ending) {
            case Ending.Lost lost -> lost(lost.reason());
            case Ending.Rejected rejected -> rejected(rejected.reason());
            case Ending.Cancelled _ -> of(Outcome.CANCELLED, Data.empty());
            case Ending.TimedOut _ -> of(Outcome.TIMED_OUT, Data.empty());
            case Ending.Kept _ ->
                lost("the program stops; the log keeps the task, which runs when the program is started next");
        };
    }

    public static Settlement of(Outcome outcome, Data data) {
        return new Settlement(outcome, data, Retry.byOptions());
    }

    public static Settlement done(Data data) {
        return of(Outcome.DONE, data);
    }

    public static Settlement failed(Throwable thrown) {
        return failed(thrown, Retry.byOptions());
    }

    public static Settlement failed(Throwable thrown, Retry retry) {
        return new Settlement(Outcome.FAILED, Data.of(Failure.of(thrown)), retry);
    }

    public static Settlement lost(String reason) {
        return of(Outcome.LOST, Data.of(reason));
    }

    public static Settlement rejected(String reason) {
        return of(Outcome.REJECTED, Data.of(reason));
    }

    /** The same, ready to leave the process; a failure if its result cannot be encoded. Never throws. */
    public Settlement encoded() {
        try {
            return new Settlement(outcome, data.encoded(), retry);
        } catch (Throwable e) { // the program's own code writes its results, as JSON for one
            return failed(e);
        }
    }

    /** As the dispatcher takes it: null if it did not fail. */
    public @Nullable Failed failed() {
        return failed(outcome, retry);
    }

    /** As {@link #failed()}. */
    public static @Nullable Failed failed(Outcome outcome, Retry retry) {
        if (outcome != Outcome.FAILED) {
            return null;
        }
        return switch (retry) {
            case Retry.ByOptions _ -> Failed.BY_POLICY;
            case Retry.GiveUp _ -> Failed.FOR_GOOD;
            case Retry.After after -> new Failed(false, Nanos.of(after.delay()));
        };
    }

    public Failure failure() {
        return data.with(Codec.json()).as(Failure.class); // whatever codec the program has
    }

    /** Why there is no result, in words. */
    public String reason() {
        return switch (outcome) {
            case FAILED -> failure().stack();
            case LOST, REJECTED -> data.text();
            case TIMED_OUT -> "it took too long";
            case CANCELLED -> "it was cancelled";
            case DONE, ANSWERED -> "";
        };
    }

    public Result asResult(long taskId, Data context) {
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
