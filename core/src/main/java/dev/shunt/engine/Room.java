package dev.shunt.engine;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/** The wait for room in the queue. */
final class Room {

    private Room() {}

    /** An interrupted thread stops waiting and stays interrupted; its task is taken when there is room all the same. */
    static void await(CompletableFuture<Void> taken) {
        try {
            taken.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException e) {
            throw new IllegalStateException("room cannot fail", e);
        }
    }
}
