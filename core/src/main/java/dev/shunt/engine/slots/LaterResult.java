package dev.shunt.engine.slots;

import dev.shunt.engine.CurrentEngine;
import dev.shunt.log.Log;
import dev.shunt.task.Task;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/** What a handler returned for its result that is still to come: a {@link CompletionStage} or a {@link Future}. */
final class LaterResult {

    private static final Logger LOG = Log.of(LaterResult.class);

    private final Object returned;
    private final CompletableFuture<@Nullable Object> done;

    private LaterResult(Object returned, CompletableFuture<@Nullable Object> done) {
        this.returned = returned;
        this.done = done;
    }

    static boolean isOne(@Nullable Object returned) {
        return returned instanceof CompletionStage || returned instanceof Future;
    }

    static LaterResult of(@Nullable Object returned) {
        var done = new CompletableFuture<@Nullable Object>();
        if (returned instanceof CompletionStage<?> stage) {
            var _ = stage.whenComplete((value, problem) -> complete(done, value, problem));
        } else if (returned instanceof Future<?> future) { // says nothing when it is done: somebody has to wait for it
            var _ = Thread.ofVirtual().name("shunt-future").start(() -> {
                try {
                    complete(done, future.get(), null);
                } catch (Throwable e) { // the program's own code may be what runs there
                    complete(done, null, e);
                }
            });
        }
        return new LaterResult(Objects.requireNonNull(returned), done);
    }

    private static void complete(
            CompletableFuture<@Nullable Object> done, @Nullable Object value, @Nullable Throwable problem) {
        if (problem == null) {
            done.complete(value);
        } else {
            done.completeExceptionally(problem);
        }
    }

    /** Waits on the calling slot; if the task is to end before, so is what is waited for, as far as it can be. */
    void await(Task task) throws InterruptedException {
        try {
            boolean interrupted = Thread.interrupted(); // perhaps by the handler itself, which means nothing
            if (interrupted && task.isCancelled()) {
                throw new InterruptedException();
            }
            CurrentEngine current = CurrentEngine.orNull();
            if (current != null && current.executor() instanceof WaitingSlot slot) {
                slot.await(done);
            } else {
                var _ = done.exceptionally(_ -> null).get();
            }
        } catch (InterruptedException e) {
            cancel();
            throw e;
        } catch (ExecutionException e) {
            throw new IllegalStateException("a stage that cannot fail", e);
        }
    }

    private void cancel() {
        if (returned instanceof Future<?> future) {
            try {
                future.cancel(true);
            } catch (UnsupportedOperationException e) {
                LOG.debug("a stage that only its maker may end", e);
            }
        }
    }

    /** Once it has come: whoever works on it has given it up. */
    boolean isCancelled() {
        return done.isCompletedExceptionally() && cause(done.exceptionNow()) instanceof CancellationException;
    }

    /** Once it has come. */
    @Nullable Object value() throws Throwable {
        if (done.isCompletedExceptionally()) {
            throw cause(done.exceptionNow());
        }
        return done.resultNow();
    }

    private static Throwable cause(Throwable thrown) {
        Throwable cause = thrown;
        while ((cause instanceof CompletionException || cause instanceof ExecutionException)
                && cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause;
    }
}
