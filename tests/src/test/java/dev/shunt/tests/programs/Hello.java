package dev.shunt.tests.programs;

import dev.shunt.server.Server;

/** A first program, of nothing but the library: for the ways to start one. */
public final class Hello {

    void main() {
        var server = new Server("127.0.0.1", 0);
        server.set(settings -> settings.taskWorkerNum(2));
        server.onReceive((connection, data) -> server.task(data, result -> connection.send(result + "\n")));
        server.onTask(task -> "hello from " + ProcessHandle.current().pid());
        server.onStart(() -> IO.println("listening on " + server.endpoint().hostAndPort()));
        server.start();
    }
}
