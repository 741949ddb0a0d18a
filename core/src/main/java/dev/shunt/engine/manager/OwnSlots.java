package dev.shunt.engine.manager;

import dev.shunt.engine.Engine;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/** The slots of one group that are in this process: threads, or event loops. */
interface OwnSlots {

    /** Done when all start callbacks have returned; failed with what the first one threw. */
    CompletableFuture<Void> start(Engine engine);

    /** Runs things on one slot, as if in a handler of it. */
    Executor slot(int index);

    /** Asks what still runs to give up, when there is time no longer. */
    void interrupt();

    /** It did not; whatever comes of it yet comes too late. */
    void abandon();

    /** Ends them, after what they run and their stop callbacks. */
    CompletableFuture<Void> stop();
}
