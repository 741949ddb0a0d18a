package dev.shunt.engine;

import dev.shunt.data.Data;
import dev.shunt.ipc.Frame.Outcome;
import dev.shunt.task.Failure;
import dev.shunt.task.Result;

/** How a lease or a task ended, in the form in which it travels: a result, an encoded failure, or a reason. */
record Settlement(Outcome outcome, Data data) {

    static Settlement done(Data data) {
        return new Settlement(Outcome.DONE, data);
    }

    static Settlement failed(Throwable thrown) {
        return new Settlement(Outcome.FAILED, Data.of(Failure.of(thrown)));
    }

    static Settlement lost(String reason) {
        return new Settlement(Outcome.LOST, Data.of(reason));
    }

    static Settlement rejected(String reason) {
        return new Settlement(Outcome.REJECTED, Data.of(reason));
    }

    Failure failure() {
        return data.as(Failure.class);
    }

    Result asResult(long taskId) {
        return switch (outcome) {
            case DONE -> new Result.Done(taskId, data);
            case FAILED -> new Result.Failed(taskId, failure());
            case LOST -> new Result.Lost(taskId, data.text());
            case REJECTED -> new Result.Rejected(taskId, data.text());
            case TIMED_OUT -> new Result.TimedOut(taskId);
            case CANCELLED -> new Result.Cancelled(taskId);
        };
    }
}
