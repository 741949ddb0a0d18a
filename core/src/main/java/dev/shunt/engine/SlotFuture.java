package dev.shunt.engine;

import dev.shunt.log.Log;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/**
 * Something that a slot has asked for. Whoever knows it completes this, on any thread, so that the slot may wait for it; its
 * callbacks, and those of what they return, run on the slot. Who waits on an event loop is refused. A failure that nobody
 * hears of is logged.
 */
public final class SlotFuture<T extends @Nullable Object> extends CompletableFuture<T> {

    private static final Logger LOG = Log.of(SlotFuture.class);

    private final SlotCallbacks slot;
    private final Object subject;
    private final Executor executor;

    /** What this is a callback of; null of what the slot has asked for. */
    private final @Nullable SlotFuture<?> source;

    /** Something depends on it, or somebody has asked how it ended: they hear of a failure. */
    private volatile boolean heard;

    /** Its callback is told of a failure of the source, which is then its own as well. */
    private volatile boolean isTold;

    private boolean beingWatched;

    /** @param subject what it is of, such as {@code task 5} */
    public SlotFuture(SlotCallbacks slot, Object subject) {
        this(slot, subject, null);
    }

    private SlotFuture(SlotCallbacks slot, Object subject, @Nullable SlotFuture<?> source) {
        this.slot = slot;
        this.subject = subject;
        this.source = source;
        this.executor = callback -> slot.execute(subject, callback);
    }

    Object subject() {
        return subject;
    }

    /** What depends on it. */
    @Override
    public <U extends @Nullable Object> CompletableFuture<U> newIncompleteFuture() {
        if (beingWatched) {
            return new CompletableFuture<>();
        }
        heard = true;
        var next = new SlotFuture<U>(slot, subject, this);
        next.watch();
        return next;
    }

    /** Before any other thread knows it. */
    private void watch() {
        beingWatched = true;
        var _ = super.whenComplete((_, failure) -> {
            if (failure != null && !heard && !wasTold() && !(failure instanceof CancellationException)) {
                LOG.error("a callback of {} has failed, and nobody hears of it", subject, failure);
            }
        });
        beingWatched = false;
    }

    private boolean wasTold() {
        return isTold && source != null && source.isCompletedExceptionally();
    }

    // Waiting

    /** To wait for. To complete it does nothing to what the engine completes. */
    @Override
    public CompletableFuture<T> toCompletableFuture() {
        if (source != null) {
            heard = true;
            return this;
        }
        return copy().toCompletableFuture();
    }

    /** Calls {@code action} on whatever thread completes it. */
    CompletableFuture<?> whenDone(Runnable action) {
        return CompletableFuture.allOf(this).whenComplete((_, _) -> action.run());
    }

    /** Does not wait on an event loop, but throws {@link IllegalStateException}. */
    @Override
    public T join() {
        heard = true;
        boolean interrupted = false;
        boolean waits = !isDone();
        while (waits) {
            try {
                waits = !slot.await(this, SlotCallbacks.FOR_EVER);
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        return super.join();
    }

    /** As {@link #join}. */
    @Override
    public T get() throws InterruptedException, ExecutionException {
        heard = true;
        if (!isDone()) {
            slot.await(this, SlotCallbacks.FOR_EVER);
        }
        return super.get();
    }

    /** As {@link #join}. */
    @Override
    public T get(long timeout, TimeUnit unit) throws InterruptedException, ExecutionException, TimeoutException {
        heard = true;
        if (!isDone() && !slot.await(this, unit.toNanos(timeout))) {
            throw new TimeoutException("not done after " + timeout + " " + unit + ": " + subject);
        }
        return super.get(timeout, unit);
    }

    // Callbacks, on the slot

    @Override
    public <U extends @Nullable Object> CompletableFuture<U> thenApply(Function<? super T, ? extends U> callback) {
        return thenApplyAsync(callback, executor);
    }

    @Override
    public CompletableFuture<Void> thenAccept(Consumer<? super T> callback) {
        return thenAcceptAsync(callback, executor);
    }

    @Override
    public CompletableFuture<Void> thenRun(Runnable callback) {
        return thenRunAsync(callback, executor);
    }

    @Override
    public <U extends @Nullable Object, V extends @Nullable Object> CompletableFuture<V> thenCombine(
            CompletionStage<? extends U> other, BiFunction<? super T, ? super U, ? extends V> callback) {
        return thenCombineAsync(other, callback, executor);
    }

    @Override
    public <U extends @Nullable Object> CompletableFuture<Void> thenAcceptBoth(
            CompletionStage<? extends U> other, BiConsumer<? super T, ? super U> callback) {
        return thenAcceptBothAsync(other, callback, executor);
    }

    @Override
    public CompletableFuture<Void> runAfterBoth(CompletionStage<?> other, Runnable callback) {
        return runAfterBothAsync(other, callback, executor);
    }

    @Override
    public <U extends @Nullable Object> CompletableFuture<U> applyToEither(
            CompletionStage<? extends T> other, Function<? super T, U> callback) {
        return applyToEitherAsync(other, callback, executor);
    }

    @Override
    public CompletableFuture<Void> acceptEither(CompletionStage<? extends T> other, Consumer<? super T> callback) {
        return acceptEitherAsync(other, callback, executor);
    }

    @Override
    public CompletableFuture<Void> runAfterEither(CompletionStage<?> other, Runnable callback) {
        return runAfterEitherAsync(other, callback, executor);
    }

    @Override
    public <U extends @Nullable Object> CompletableFuture<U> thenCompose(
            Function<? super T, ? extends CompletionStage<U>> callback) {
        return thenComposeAsync(callback, executor);
    }

    @Override
    public <U extends @Nullable Object> CompletableFuture<U> handle(
            BiFunction<? super T, Throwable, ? extends U> callback) {
        return handleAsync(callback, executor);
    }

    @Override
    public CompletableFuture<T> whenComplete(BiConsumer<? super T, ? super Throwable> callback) {
        var next = whenCompleteAsync(callback, executor);
        if (next instanceof SlotFuture<T> own) {
            own.isTold = true;
        }
        return next;
    }

    @Override
    public CompletableFuture<T> exceptionally(Function<Throwable, ? extends T> callback) {
        return exceptionallyAsync(callback, executor);
    }

    @Override
    public CompletableFuture<T> exceptionallyCompose(Function<Throwable, ? extends CompletionStage<T>> callback) {
        return exceptionallyComposeAsync(callback, executor);
    }
}
