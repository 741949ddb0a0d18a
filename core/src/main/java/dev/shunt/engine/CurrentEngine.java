package dev.shunt.engine;

import org.jspecify.annotations.Nullable;

/** Which engine, and which of its slots, a thread works for: set once on the threads of slots and event loops. */
final class CurrentEngine {

    private static final ThreadLocal<@Nullable Engine> ENGINE = new ThreadLocal<>();

    private CurrentEngine() {}

    static void set(@Nullable Engine engine) {
        ENGINE.set(engine);
    }

    static Engine get() {
        Engine engine = ENGINE.get();
        if (engine == null) {
            throw new IllegalStateException("thread " + Thread.currentThread().getName()
                    + " belongs to no worker; call this from a handler or from onWorkerStart");
        }
        return engine;
    }
}
