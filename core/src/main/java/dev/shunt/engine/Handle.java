package dev.shunt.engine;

import dev.shunt.data.Data;
import dev.shunt.task.Durability;
import dev.shunt.task.Result;
import dev.shunt.task.Submission;
import dev.shunt.task.TaskHandle;
import dev.shunt.task.TaskListener;
import java.io.IOException;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/** What a submission returns, which hears of its task and passes it on. Safe for use by any thread. */
public final class Handle implements TaskHandle, TaskListener {

    private final LongConsumer cancel;
    private final SlotFuture<Result> result;
    private final SlotFuture<Void> stored;
    private volatile Consumer<? super Data> listener = _ -> {};
    private volatile long id;

    /**
     * @param slot that hears of it
     * @param cancel asks the engine to cancel the task of that id
     */
    public Handle(Submission task, SlotCallbacks slot, LongConsumer cancel) {
        this.cancel = cancel;
        result = new SlotFuture<>(slot, this);
        stored = new SlotFuture<>(slot, this);
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
        return result;
    }

    @Override
    public CompletionStage<Void> stored() {
        return stored;
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

    /** On any thread. */
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

    public boolean hasEnded() {
        return result.isDone();
    }

    @Override
    public void progressed(Data progress) {
        listener.accept(progress);
    }

    /** On any thread. */
    @Override
    public void stored(@Nullable IOException problem) {
        if (problem == null) {
            stored.complete(null);
        } else {
            stored.completeExceptionally(problem);
        }
    }

    @Override
    public String toString() {
        return "task " + id;
    }
}
