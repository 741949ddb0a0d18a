package dev.shunt.engine.manager;

import dev.shunt.engine.NamedCallback;
import dev.shunt.engine.ProgramCode;
import dev.shunt.plan.Hooks;
import java.util.concurrent.Executor;

/**
 * Tells the program when the first queue of a group is nearly full, and when none is any longer, with the numbers of that
 * moment. Lives on the main loop.
 */
final class QueueLevels {

    private final Hooks hooks;
    private final Executor managerSlot;
    private final ManagerStats stats;
    private int full;

    QueueLevels(Hooks hooks, Executor managerSlot, ManagerStats stats) {
        this.hooks = hooks;
        this.managerSlot = managerSlot;
        this.stats = stats;
    }

    /** The queue of one group is nearly full, or no longer. */
    void changed(boolean isFull) {
        full += isFull ? 1 : -1;
        if (full == (isFull ? 1 : 0)) {
            var now = stats.now();
            managerSlot.execute(new NamedCallback("the callback for a full queue", () -> {
                if (isFull) {
                    ProgramCode.guarded("onTaskQueueFull", () -> hooks.queueFull(now));
                } else {
                    ProgramCode.guarded("onTaskQueueDrain", () -> hooks.queueDrained(now));
                }
            }));
        }
    }
}
