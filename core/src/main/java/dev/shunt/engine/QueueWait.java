package dev.shunt.engine;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/** The wait for room in the queue. */
public final class QueueWait {

    private QueueWait() {}

    /**
     * An interrupted thread stops waiting and stays interrupted.
     *
     * @param withdraw has its task rejected if there is no room for it yet
     */
    public static void await(CompletableFuture<Void> taken, Runnable withdraw) {
        try {
            taken.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            withdraw.run();
        } catch (ExecutionException e) {
            throw new IllegalStateException("room cannot fail", e);
        }
    }
}
