package dev.shunt.tests.programs;

import dev.shunt.server.Server;

/** A server that a test starts in its own JVM. As a main class it is what the children run, if there are any. */
public final class Embedded {

    private Embedded() {}

    static void main() {
        server().start();
    }

    public static Server server() {
        var server = new Server("127.0.0.1", 0);
        server.set(settings -> settings.protocol(TaskServer.TEXT)
                .taskWorkerNum(2)
                .taskProcesses(1)
                .childMain(Embedded.class));
        server.onReceive((connection, line) -> server.task(line, result -> connection.send(Results.text(result))));
        server.onTask(task -> task.data() + " by " + ProcessHandle.current().pid());
        return server;
    }
}
