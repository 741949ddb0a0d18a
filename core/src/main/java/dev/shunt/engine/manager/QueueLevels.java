package dev.shunt.engine.manager;

import dev.shunt.plan.Hooks;
import java.util.concurrent.Executor;

/** Tells the program when the queue is nearly full, and when it no longer is, with the numbers of that moment. */
record QueueLevels(Hooks hooks, Executor managerSlot, ManagerStats stats) {

    void changed(boolean full) {
        var now = stats.now();
        managerSlot.execute(() -> {
            if (full) {
                hooks.queueFull(now);
            } else {
                hooks.queueDrained(now);
            }
        });
    }
}
