package dev.shunt.engine.slots;

import dev.shunt.engine.CurrentEngine;
import dev.shunt.log.Log;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/**
 * Where a handler waits in {@code finish} while whoever asked for its task has not come to what it was told before. After
 * {@link #PATIENCE_SECONDS} it goes on all the same, and waits no more: who is to hear of it may wait for this very task.
 * Safe for use by any thread.
 */
public final class FinishGate {

    private static final Logger LOG = Log.of(FinishGate.class);
    private static final int PATIENCE_SECONDS = 10;

    private volatile @Nullable CompletableFuture<Void> held;
    private volatile boolean impatient;

    public void hold(boolean yes) {
        CompletableFuture<Void> before = held;
        held = yes ? new CompletableFuture<Void>().completeOnTimeout(null, PATIENCE_SECONDS, TimeUnit.SECONDS) : null;
        if (before != null) {
            before.complete(null);
        }
    }

    /** On the thread that calls {@code finish}. If it is interrupted, as a task is told to end, it waits no longer. */
    @SuppressWarnings("ReferenceEquality") // that very wait is meant: it has not been let go
    public void pass(long taskId) {
        CompletableFuture<Void> wait = held;
        if (wait == null || impatient) {
            return;
        }
        CurrentEngine.refuseToWait("finish(), while as many results of task " + taskId + " wait to be heard as may,");
        try {
            await(wait);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return;
        } catch (ExecutionException e) {
            throw new IllegalStateException("a stage that cannot fail", e);
        }
        if (wait == held) {
            impatient = true;
            LOG.warn(
                    "results of task {} wait to be heard, and none was for {} s: finish() waits for that no longer",
                    taskId,
                    PATIENCE_SECONDS);
        }
    }

    private static void await(CompletableFuture<Void> wait) throws InterruptedException, ExecutionException {
        CurrentEngine current = CurrentEngine.orNull();
        if (current != null && current.executor() instanceof WaitingSlot slot) {
            slot.await(wait);
        } else {
            wait.get();
        }
    }
}
