package dev.shunt.testkit;

import static java.util.concurrent.TimeUnit.MILLISECONDS;

import dev.shunt.engine.CurrentEngine;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** The one thread of a manual engine, which is in turn each of those that a program has. */
final class Threads {

    private Threads() {}

    /** Runs something as if on another thread; returns what that one is then. */
    static @Nullable CurrentEngine as(@Nullable CurrentEngine other, Runnable action) {
        var own = CurrentEngine.orNull();
        set(other);
        try {
            action.run();
            return CurrentEngine.orNull();
        } finally {
            set(own);
        }
    }

    private static void set(@Nullable CurrentEngine current) {
        if (current == null) {
            CurrentEngine.clear();
        } else {
            CurrentEngine.set(current);
        }
    }

    /** Whether it is done by then, well or not; true if this thread is interrupted. */
    static boolean isDoneWithin(Duration time, CompletableFuture<?> done) {
        try {
            CompletableFuture.anyOf(done).exceptionally(_ -> Optional.empty()).get(time.toMillis(), MILLISECONDS);
            return true;
        } catch (TimeoutException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return true;
        } catch (ExecutionException e) {
            throw new IllegalStateException("whatever it is, it is done", e);
        }
    }
}
