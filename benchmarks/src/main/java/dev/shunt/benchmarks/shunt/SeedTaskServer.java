package dev.shunt.benchmarks.shunt;

import dev.shunt.benchmarks.program.Job;
import dev.shunt.benchmarks.program.Listening;
import dev.shunt.benchmarks.program.TaskServers;
import dev.shunt.plan.Placement;
import dev.shunt.plan.Sockets;
import dev.shunt.worker.Worker;

/** A task server in Workerman's words: a line, an answer. Arguments: {@code PORT PLACEMENT}, where IN_CHILD is children that have the sockets. */
public final class SeedTaskServer {

    private SeedTaskServer() {}

    public static void main(String... args) {
        var worker = new Worker("Text://" + TaskServers.ANY + ":" + args[0]);
        boolean inChild = args[1].equals(Sockets.IN_CHILD.name());
        var placement = inChild ? Placement.CHILDREN : Placement.valueOf(args[1]);
        worker.placement(placement).sockets(inChild ? Sockets.IN_CHILD : Sockets.IN_MANAGER);
        worker.count(placement == Placement.EVENT_LOOP ? Listening.LOOPS : 100);
        worker.onMessage((connection, line) -> connection.send(Job.answer(line.text())));
        Worker.runAll();
    }
}
