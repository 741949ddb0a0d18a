package dev.shunt.engine.manager;

import dev.shunt.engine.Dialer;
import dev.shunt.engine.slots.Slots;
import dev.shunt.ipc.PayloadFiles;
import dev.shunt.task.TaskLog;
import dev.shunt.time.Clock;
import dev.shunt.timer.Loop;
import dev.shunt.timer.Timers;
import java.util.List;
import java.util.concurrent.Executor;

/**
 * What a manager's parts need of the world outside: in a program threads, sockets and files, in a test whatever steps by hand.
 *
 * @param loops of which the first is the main loop
 * @param slots makes those of groups in this process that are no event loops
 * @param aside runs callbacks of a program that has no slot in this process
 */
record ManagerPorts(
        List<? extends Loop> loops,
        Clock clock,
        Timers timers,
        TaskLog log,
        PayloadFiles files,
        Slots.Factory slots,
        Dialer dialer,
        Executor aside) {

    Loop main() {
        return loops.getFirst();
    }
}
