package dev.shunt.pool;

import dev.shunt.task.Result;

/** Why a {@link java.util.concurrent.Future} of a pool's executor has no value: the task did not end well. */
public final class TaskException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient Result result;

    TaskException(Result result) {
        super(text(result));
        this.result = result;
    }

    /** How the task ended; never {@link Result.Done}. */
    public Result result() {
        return result;
    }

    private static String text(Result result) {
        return "task " + result.taskId() + ' '
                + switch (result) {
                    case Result.Done _ -> "is done";
                    case Result.Failed failed -> "has failed: " + failed.failure();
                    case Result.TimedOut _ -> "took too long";
                    case Result.Cancelled _ -> "was cancelled";
                    case Result.Lost lost -> "is lost: " + lost.reason();
                    case Result.Rejected rejected -> "was rejected: " + rejected.reason();
                };
    }
}
