package dev.shunt.pool;

import dev.shunt.engine.Engine;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Waits for the end of a pool. */
final class PoolEnd {

    private static final Duration FOR_EVER = Duration.ofNanos(Long.MAX_VALUE);

    private PoolEnd() {}

    /** An interrupt makes the end come sooner, and is kept. */
    static void await(Engine engine, CompletableFuture<Void> ended) {
        boolean interrupted = false;
        boolean over = false;
        while (!over) {
            try {
                over = within(engine, ended, FOR_EVER);
            } catch (InterruptedException e) {
                interrupted = true;
                engine.shutdown();
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** False if the time is over. */
    static boolean within(Engine engine, CompletableFuture<Void> ended, Duration patience) throws InterruptedException {
        try {
            engine.letOthersRun(ended::isDone, patience.toNanos());
            ended.get(patience.toNanos(), TimeUnit.NANOSECONDS);
            return true;
        } catch (TimeoutException e) {
            return false;
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }
}
