package dev.shunt.engine.manager;

import dev.shunt.ipc.Frame;
import dev.shunt.task.Interest;
import dev.shunt.task.TaskListener;
import dev.shunt.task.TaskQueue;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** Where a task came from, and so where its result goes. */
sealed interface Origin {

    Interest interest();

    /**
     * The slot to which its result goes, and waits there for its turn. Null if there is none, or if whoever asked holds the
     * result itself: a handle, or a thread that waits.
     */
    default @Nullable Object asker() {
        return interest() == Interest.HANDLE
                ? null
                : switch (this) {
                    case Here here -> here.slot();
                    case InChild child ->
                        child.slot() == Frame.NO_SLOT ? null : new Place(child.group(), child.place(), child.slot());
                    case Shared _ -> null;
                };
    }

    /** A slot of whichever child is there. */
    record Place(int group, int place, int slot) {}

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
     * A slot of a child, or of its successor; {@link Frame#NO_SLOT} if a thread of it waits.
     *
     * @param place of the child in its group
     * @param serial of the child
     */
    record InChild(int group, int place, long serial, int slot, Interest interest) implements Origin {}
}
