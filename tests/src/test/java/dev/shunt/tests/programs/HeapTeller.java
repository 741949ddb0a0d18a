package dev.shunt.tests.programs;

import dev.shunt.server.Server;
import dev.shunt.task.Result;

/** Says to a client how large the heap of a task child may become, in megabytes. */
public final class HeapTeller {

    private HeapTeller() {}

    static void main() {
        var server = new Server("127.0.0.1", 0);
        server.set(settings -> settings.taskWorkerNum(2).taskProcesses(2).protocol(TaskServer.TEXT));
        server.onStart(() -> IO.println("listening on " + server.endpoint().hostAndPort()));
        server.onReceive((client, line) -> server.task(
                line, result -> client.send(result instanceof Result.Done done ? done.data() : result.toString())));
        server.onTask(_ -> String.valueOf(Runtime.getRuntime().maxMemory() >> 20));
        server.start();
    }
}
