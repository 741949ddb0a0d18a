package dev.shunt.tests.programs;

import dev.shunt.plan.Placement;
import dev.shunt.protocol.TextProtocol;
import dev.shunt.server.Server;
import dev.shunt.task.TaskOptions;
import java.util.concurrent.CountDownLatch;

/** A server in a child that asks for as many tasks as its client says, and then never comes to hear of their ends. */
public final class Asking {

    private Asking() {}

    static void main(String[] args) {
        var server = new Server("127.0.0.1", 0);
        server.set(settings -> settings.placement(Placement.CHILDREN)
                .workerNum(1)
                .taskWorkerNum(2)
                .protocol(new TextProtocol()));
        server.onStart(() -> IO.println("listening on " + server.endpoint().hostAndPort()));
        server.onReceive((_, line) -> {
            for (int i = 0; i < Integer.parseInt(line.text()); i++) {
                IO.println("asked " + server.task("task " + i, TaskOptions.DEFAULT));
            }
            new CountDownLatch(1).await();
        });
        server.onTask(task -> {
            IO.println("ran " + task.id());
            return task.data();
        });
        server.onFinish(result -> IO.println(
                "heard " + result.taskId() + " in " + ProcessHandle.current().pid()));
        server.onWorkerStart(id -> {
            if (id == 0) {
                IO.println("event worker " + ProcessHandle.current().pid());
            }
        });
        server.start();
    }
}
