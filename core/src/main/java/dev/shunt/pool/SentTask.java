package dev.shunt.pool;

import dev.shunt.data.Data;
import dev.shunt.task.Result;
import dev.shunt.task.TaskHandle;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RunnableFuture;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A task that the executor has sent, or is about to. Safe for use by any thread. */
final class SentTask<T extends @Nullable Object> extends CompletableFuture<T> implements RunnableFuture<T> {

    private final Supplier<TaskHandle> send;
    private final Function<? super Data, ? extends T> value;
    private volatile @Nullable TaskHandle handle;

    /** @param value of a result */
    SentTask(Supplier<TaskHandle> send, Function<? super Data, ? extends T> value) {
        this.send = send;
        this.value = value;
    }

    /** Sends it. */
    @Override
    public void run() {
        var sent = send.get();
        handle = sent;
        if (isCancelled()) {
            sent.cancel();
        }
        var _ = sent.result().toCompletableFuture().thenAcceptAsync(this::ended, Runnable::run);
    }

    private void ended(Result result) {
        switch (result) {
            case Result.Done done -> completeWith(done);
            case Result.Cancelled _ -> super.cancel(false);
            case Result.Failed _, Result.TimedOut _, Result.Lost _, Result.Rejected _ ->
                completeExceptionally(new TaskException(result));
        }
    }

    private void completeWith(Result.Done done) {
        try {
            complete(value.apply(done.data()));
        } catch (RuntimeException e) {
            completeExceptionally(e);
        }
    }

    /** The task's thread is interrupted if it runs, whatever the argument. */
    @Override
    public boolean cancel(boolean mayInterruptIfRunning) {
        boolean cancelled = super.cancel(mayInterruptIfRunning);
        var sent = handle;
        if (cancelled && sent != null) {
            sent.cancel();
        }
        return cancelled;
    }
}
