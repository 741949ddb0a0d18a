package dev.shunt.engine;

import dev.shunt.data.Data;
import dev.shunt.task.Result;
import dev.shunt.task.Submission;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/** A thread that waits for the result of one task. */
public final class Waiter {

    private final CompletableFuture<Supplier<Result>> result = new CompletableFuture<>();
    private final Data context;

    public Waiter(Submission task) {
        context = task.options().context();
    }

    /** The result is made on the waiting thread, which may read a large one from a file; false if it waits no longer. */
    public boolean complete(Supplier<Result> value) {
        return result.complete(value);
    }

    /** Whether {@link #await} would return at once. */
    public boolean isDone() {
        return result.isDone();
    }

    /** The result, or {@link Result.TimedOut}; an interrupted thread stops waiting and stays interrupted. */
    public Result await(long taskId, long nanos) {
        try {
            return result.get(Math.max(0, nanos), TimeUnit.NANOSECONDS).get();
        } catch (TimeoutException e) {
            return giveUp(taskId);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return giveUp(taskId);
        } catch (ExecutionException e) {
            throw new IllegalStateException("a result cannot fail", e);
        }
    }

    /** Unless the result has come at the last moment. */
    private Result giveUp(long taskId) {
        result.complete(() -> new Result.TimedOut(taskId, context));
        return result.join().get();
    }
}
