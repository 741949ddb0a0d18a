package dev.shunt.engine.slots;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/** A slot whose handler may wait on it for something: what else is the slot's own goes on meanwhile, but no lease. */
public interface WaitingSlot extends Executor {

    /** On the slot, in a handler: returns when it is done; throws if the handler is to end before. */
    void await(CompletableFuture<?> done) throws InterruptedException;
}
