package dev.shunt.engine.manager;

import dev.shunt.control.ControlException;
import dev.shunt.timer.Loop;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Asks the main loop, for threads that may wait for it, but not for ever. */
final class OnMain {

    static final Duration PATIENCE = Duration.ofSeconds(5);

    private final Loop main;

    OnMain(Loop main) {
        this.main = main;
    }

    /** What is found there. */
    <T extends @Nullable Object> T ask(Supplier<T> question) {
        return await(answer -> {
            try {
                answer.complete(question.get());
            } catch (RuntimeException | Error e) {
                answer.completeExceptionally(e);
            }
        });
    }

    /** What is found there, or later. */
    <T extends @Nullable Object> T await(Consumer<CompletableFuture<T>> question) {
        var answer = new CompletableFuture<T>();
        try {
            main.execute(() -> question.accept(answer));
        } catch (RejectedExecutionException e) {
            throw ControlException.unavailable("the program has stopped");
        }
        return get(answer);
    }

    static <T extends @Nullable Object> T get(Future<T> answer) {
        try {
            return answer.get(PATIENCE.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            throw ControlException.unavailable("the main loop has not answered within " + PATIENCE.toSeconds()
                    + " s: something holds it up, which its log names");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw ControlException.unavailable("the program stops");
        } catch (ExecutionException e) {
            Throwable cause = e.getCause();
            if (cause instanceof RuntimeException known) {
                throw known;
            }
            throw new IllegalStateException(cause);
        }
    }
}
