package dev.shunt.pool;

import dev.shunt.calls.Face;
import dev.shunt.engine.CurrentEngine;
import dev.shunt.engine.Engine;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** What a pool and its builder share: whether it has begun, what runs it, and whether it still takes tasks. For any thread. */
final class PoolFace implements Face {

    private final String name;
    private final AtomicBoolean begun = new AtomicBoolean();
    private volatile @Nullable Engine engine;
    private volatile boolean closing;

    PoolFace(String name) {
        this.name = name;
    }

    String name() {
        return name;
    }

    /** From here on nothing is declared any more. */
    void begin(String call) {
        if (!begun.compareAndSet(false, true)) {
            throw new IllegalStateException(
                    call + ": " + this + " has started before, and runs once; make another builder for another one");
        }
    }

    /** It could not start, and may be tried again. */
    void notBegun() {
        engine = null;
        begun.set(false);
    }

    void runsOn(Engine running) {
        engine = running;
    }

    /** It takes no more tasks, but from its own handlers. */
    void close() {
        closing = true;
    }

    boolean isClosing() {
        return closing;
    }

    @Nullable Engine engineOrNull() {
        return engine;
    }

    @Override
    public Engine engine() {
        Engine present = engine;
        if (present == null) {
            throw new IllegalStateException(
                    this + " does not run here: it runs in the process that started it and in its own"
                            + " children. A child runs main until it comes to the start of its own pool, so start all pools before"
                            + " you use one, name a childMain, or ask Shunt.isChild()");
        }
        return present;
    }

    @Override
    public void setting(String call) {
        if (begun.get()) {
            throw new IllegalStateException(
                    call + " comes too late: it is part of " + this + ", say it before start()");
        }
    }

    @Override
    public void declaring(String call) {
        setting(call);
    }

    @Override
    public void asking() {
        if (closing && !isHandler()) {
            throw new IllegalStateException(this + " is closed and takes no more tasks");
        }
    }

    /** Whether the caller is a slot of this pool. */
    boolean isHandler() {
        CurrentEngine current = CurrentEngine.orNull();
        return current != null && current.slot() != null && current.engine().equals(engine);
    }

    @Override
    public String toString() {
        return "the task pool '" + name + "'";
    }
}
