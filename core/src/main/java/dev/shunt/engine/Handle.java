package dev.shunt.engine;

import dev.shunt.data.Data;
import dev.shunt.task.Durability;
import dev.shunt.task.Result;
import dev.shunt.task.Submission;
import dev.shunt.task.TaskHandle;
import dev.shunt.task.TaskListener;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/** What a submission returns, which hears of its task and passes it on. Safe for use by any thread. */
public final class Handle implements TaskHandle, TaskListener {

    private final LongConsumer cancel;
    private final CompletableFuture<Result> result = new CompletableFuture<>();
    private final CompletableFuture<Void> stored = new CompletableFuture<>();
    private volatile Consumer<? super Data> listener = _ -> {};
    private volatile long id;

    /** @param cancel asks the engine to cancel the task of that id */
    public Handle(Submission task, LongConsumer cancel) {
        this.cancel = cancel;
        if (task.options().durability() == Durability.MEMORY) {
            stored.complete(null);
        }
    }

    public Handle withId(long value) {
        id = value;
        return this;
    }

    @Override
    public long id() {
        return id;
    }

    @Override
    public CompletionStage<Result> result() {
        return result.minimalCompletionStage();
    }

    @Override
    public CompletionStage<Void> stored() {
        return stored.minimalCompletionStage();
    }

    @Override
    public void cancel() {
        cancel.accept(id);
    }

    @Override
    public TaskHandle progress(@Nullable Consumer<? super Data> next) {
        listener = next == null ? _ -> {} : next;
        return this;
    }

    @Override
    public void ended(Result end) {
        if (!stored.isDone()) { // and never will be
            stored.completeExceptionally(new IOException(
                    end instanceof Result.Rejected rejected
                            ? rejected.reason()
                            : "it is over before it was stored: " + end));
        }
        result.complete(end);
    }

    @Override
    public void progressed(Data progress) {
        listener.accept(progress);
    }

    @Override
    public void stored(@Nullable IOException problem) {
        if (problem == null) {
            stored.complete(null);
        } else {
            stored.completeExceptionally(problem);
        }
    }
}
