package dev.shunt.engine;

import dev.shunt.plan.Slot;
import java.util.Objects;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Whom a thread works for: set once on the threads of slots and event loops.
 *
 * @param slot null on the thread that called {@code Launch.run}
 * @param executor runs something on this same slot, later
 * @param mayWait false on an event loop
 * @param callbacks of what this slot has asked for
 */
public record CurrentEngine(
        Engine engine, @Nullable Slot slot, Executor executor, boolean mayWait, SlotCallbacks callbacks) {

    private static final ThreadLocal<@Nullable CurrentEngine> CURRENT = new ThreadLocal<>();

    /** Called on the thread that it is for, if that may wait. */
    public CurrentEngine(Engine engine, @Nullable Slot slot, Executor executor, boolean mayWait) {
        this(
                engine,
                slot,
                executor,
                mayWait,
                new SlotCallbacks(executor, engine, mayWait ? Thread.currentThread() : null));
    }

    @SuppressWarnings("ReferenceEquality") // to look is cheaper than to set, and it is the same one mostly
    public static void set(CurrentEngine current) {
        if (CURRENT.get() != current) {
            CURRENT.set(current);
        }
    }

    public static void clear() {
        CURRENT.remove();
    }

    public static @Nullable CurrentEngine orNull() {
        return CURRENT.get();
    }

    public static CurrentEngine get() {
        CurrentEngine current = CURRENT.get();
        if (current == null) {
            throw new IllegalStateException("thread " + Thread.currentThread().getName()
                    + " belongs to no worker; call this from a handler or from onWorkerStart");
        }
        return current;
    }

    public Slot slotOrThrow() {
        return Objects.requireNonNull(slot);
    }

    public static boolean isOnLoop() {
        CurrentEngine current = CURRENT.get();
        return current != null && !current.mayWait();
    }

    /** Throws where nothing may wait; {@code what} names the call. */
    public static void refuseToWait(String what) {
        CurrentEngine current = CURRENT.get();
        if (current != null && !current.mayWait()) {
            throw new IllegalStateException(
                    what + " on an event loop would stop every connection of this loop;"
                            + " use a callback, as thenAccept, or run handlers on slots: placement(IN_PROCESS) or placement(CHILDREN)");
        }
    }
}
