package dev.shunt.task;

import dev.shunt.check.Check;
import dev.shunt.data.Data;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A task that was submitted, in the hand of who submitted it. Safe for use by any thread. */
public interface TaskHandle {

    long id();

    /**
     * Completes with the task's one result; never exceptionally. Its callbacks run on the slot that submitted the task. On a
     * slot, {@code toCompletableFuture().join()} waits for it; on an event loop that throws {@link IllegalStateException}
     * unless it has come: use {@code thenAccept}. What a callback throws is logged, unless something depends on it.
     */
    CompletionStage<Result> result();

    /**
     * Waits for the result on this thread, platform or virtual; on a slot its callbacks run meanwhile.
     *
     * @throws InterruptedException the task goes on
     * @throws IllegalStateException on an event loop, unless the result has come
     */
    default Result await() throws InterruptedException {
        try {
            return result().toCompletableFuture().get();
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    /** As the other one; {@link Result.TimedOut} after {@code timeout}, which does not stop the task. */
    default Result await(Duration timeout) throws InterruptedException {
        try {
            return result().toCompletableFuture()
                    .get(Check.notNegative("await", timeout).toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            return new Result.TimedOut(id(), Data.empty());
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    /**
     * As {@link #result}, completes when the task is as durable as its options ask for, at once in memory; exceptionally,
     * with an {@link java.io.IOException} that says why, if it could not be stored, and then it is rejected.
     */
    CompletionStage<Void> stored();

    /**
     * Ends the task if it waits. If it runs, {@link Task#isCancelled} turns true and its thread is interrupted; whether it
     * ends as {@link Result.Cancelled} or well is up to the handler. Of one that does not yield, the child is replaced.
     */
    void cancel();

    /**
     * Hears each {@link Task#progress} from now on, on the slot that submitted it, in place of the one before; null for
     * none.
     */
    TaskHandle progress(@Nullable Consumer<? super Data> listener);
}
