package dev.shunt.engine;

import dev.shunt.ipc.Frame.Asked;
import dev.shunt.task.TaskListener;
import java.util.concurrent.Executor;

/** Where a task came from, and so where its result goes. */
sealed interface Origin {

    Asked asked();

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
