package dev.shunt.testkit;

import dev.shunt.engine.CurrentEngine;
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
}
