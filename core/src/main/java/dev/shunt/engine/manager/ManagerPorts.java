package dev.shunt.engine.manager;

import dev.shunt.engine.Dialer;
import dev.shunt.engine.slots.Slots;
import dev.shunt.ipc.PayloadFiles;
import dev.shunt.netty.MemoryBudget;
import dev.shunt.netty.Spool;
import dev.shunt.task.TaskLog;
import dev.shunt.time.Clock;
import dev.shunt.timer.Loop;
import dev.shunt.timer.Timers;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.function.BooleanSupplier;

/**
 * What a manager's parts need of the world outside: in a program threads, sockets and files, in a test whatever steps
 * by hand.
 *
 * @param loops of which the first is the main loop
 * @param logReader where the log is read
 * @param spool where bodies of requests are kept that are too large for memory
 * @param disk where files of payloads are written and read
 * @param slots makes those of groups in this process that are no event loops
 * @param elsewhere groups whose slots stand for those of another process: what goes there and comes from there is encoded
 * @param budget what all connections together may hold
 * @param aside runs callbacks of a program that has no slot in this process
 * @param waiting told before a calling thread waits
 */
record ManagerPorts(
        List<? extends Loop> loops,
        Clock clock,
        Timers timers,
        TaskLog log,
        Executor logReader,
        PayloadFiles files,
        Spool spool,
        Executor disk,
        Slots.Factory slots,
        Set<String> elsewhere,
        Dialer dialer,
        MemoryBudget budget,
        Executor aside,
        Waiting waiting) {

    /** What a thread does before it waits. */
    interface Waiting {

        /** False at once where others run meanwhile; else steps these until it is so, or that time has passed. */
        boolean until(BooleanSupplier so, long nanos);
    }

    Loop main() {
        return loops.getFirst();
    }
}
