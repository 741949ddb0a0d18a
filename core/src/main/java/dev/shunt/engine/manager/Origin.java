package dev.shunt.engine.manager;

import dev.shunt.task.Interest;
import dev.shunt.task.TaskListener;
import dev.shunt.task.TaskQueue;
import java.util.concurrent.Executor;

/** Where a task came from, and so where its result goes. */
sealed interface Origin {

    Interest interest();

    /** The same for a task that others may be joined to: who joins hears of its end alone, so it must say all. */
    default Origin toldOnce() {
        return interest() != Interest.RESULTS
                ? this
                : switch (this) {
                    case Shared shared -> shared;
                    case Here here -> new Here(here.slot(), here.listener(), Interest.END);
                    case InChild child ->
                        new InChild(child.group(), child.place(), child.serial(), child.slot(), Interest.END);
                };
    }

    /** The queue that nodes share: the node that asked is told by it. */
    record Shared(TaskQueue.Lease lease, Interest interest) implements Origin {}

    /** A slot of the manager's process, on which the listener hears of it. */
    record Here(Executor slot, TaskListener listener, Interest interest) implements Origin {}

    /**
     * A slot of a child, or of its successor; {@link dev.shunt.ipc.Frame#NO_SLOT} if a thread of it waits.
     *
     * @param place of the child in its group
     * @param serial of the child
     */
    record InChild(int group, int place, long serial, int slot, Interest interest) implements Origin {}
}
