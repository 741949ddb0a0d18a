package dev.shunt.tests.programs;

import dev.shunt.calls.ProgramCalls;
import dev.shunt.calls.TaskCalls;
import dev.shunt.server.Server;
import dev.shunt.stats.Stats;
import dev.shunt.worker.Worker;
import java.util.function.Supplier;

/** What programs of either face ask of it. */
record AnyFace(
        TaskCalls tasks,
        ProgramCalls program,
        Supplier<Stats> stats,
        Runnable shutdown,
        Runnable reload,
        Runnable reloadTasks) {

    static AnyFace of(Server server) {
        return new AnyFace(server, server, server::stats, server::shutdown, server::reload, server::reloadTasks);
    }

    /** @param tasks the worker that runs them */
    static AnyFace of(Worker tasks) {
        return new AnyFace(tasks, tasks, Worker::stats, Worker::stopAll, Worker::reloadAll, Worker::reloadAll);
    }

    /** The worker, process and thread that runs this. */
    String where() {
        return "worker " + program.workerId() + " pid "
                + ProcessHandle.current().pid() + " thread "
                + Thread.currentThread().getName();
    }
}
