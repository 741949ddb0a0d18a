package dev.shunt.benchmarks.shunt;

import dev.shunt.benchmarks.program.Listening;
import dev.shunt.benchmarks.program.TaskServers;
import dev.shunt.plan.Placement;
import dev.shunt.plan.Sockets;
import dev.shunt.worker.AsyncTcpConnection;
import dev.shunt.worker.Worker;

/**
 * A WebSocket front that opens a connection to a task server for each message. Arguments: {@code PORT
 * PLACEMENT TASK_PORT}, where IN_CHILD is children that have the sockets.
 */
public final class SeedFront {

    private SeedFront() {}

    public static void main(String... args) {
        var taskServers = new TaskServers();
        var front = new Worker("websocket://" + Listening.HOST + ":" + args[0]);
        boolean inChild = args[1].equals(Sockets.IN_CHILD.name());
        var placement = inChild ? Placement.CHILDREN : Placement.valueOf(args[1]);
        front.placement(placement).sockets(inChild ? Sockets.IN_CHILD : Sockets.IN_MANAGER);
        if (placement == Placement.EVENT_LOOP) {
            front.count(Listening.LOOPS); // as the other contenders' fronts
        }
        front.onMessage((client, message) -> {
            var task = new AsyncTcpConnection("Text://" + taskServers.next() + ":" + args[2]);
            task.send(message);
            task.onMessage((connection, result) -> {
                connection.close();
                client.send(result);
            });
            task.connect();
        });
        Worker.runAll();
    }
}
