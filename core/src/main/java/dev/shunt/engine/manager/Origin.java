package dev.shunt.engine.manager;

import dev.shunt.ipc.Frame.Asked;
import dev.shunt.task.TaskListener;
import java.util.concurrent.Executor;

/** Where a task came from, and so where its result goes. */
sealed interface Origin {

    Asked asked();

    /** The same for a task that others may be joined to: who joins hears of its end alone, so it must say all. */
    default Origin toldOnce() {
        return asked() != Asked.RESULTS
                ? this
                : switch (this) {
                    case Here here -> new Here(here.slot(), here.listener(), Asked.END);
                    case InChild child ->
                        new InChild(child.group(), child.place(), child.serial(), child.slot(), Asked.END);
                };
    }

    /** A slot of the manager's process, on which the listener hears of it. */
    record Here(Executor slot, TaskListener listener, Asked asked) implements Origin {}

    /**
     * A slot of a child, or of its successor; {@link dev.shunt.ipc.Frame#NO_SLOT} if a thread of it waits.
     *
     * @param place of the child in its group
     * @param serial of the child
     */
    record InChild(int group, int place, long serial, int slot, Asked asked) implements Origin {}
}
