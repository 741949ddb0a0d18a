package dev.shunt.tests.programs;

import dev.shunt.protocol.TextProtocol;
import dev.shunt.server.Server;
import java.nio.file.Files;
import java.nio.file.Path;

/** A server whose task workers cannot start while a file exists, as if it were a database that is down. */
public final class Faltering {

    private Faltering() {}

    static void main(String[] args) {
        Path down = Path.of(Options.of(args).text("down", ""));
        var server = new Server("127.0.0.1", 0);
        server.set(settings -> settings.taskWorkerNum(1).protocol(new TextProtocol()));
        server.onStart(() -> IO.println("listening on " + server.endpoint().hostAndPort()));
        server.onWorkerStart(id -> {
            if (id > 0 && Files.exists(down)) {
                throw new IllegalStateException("the database is down");
            }
        });
        server.onReceive(
                (connection, line) -> server.task(line, result -> server.send(connection.id(), result.toString())));
        server.onTask(task -> {
            return task.data() + " in " + ProcessHandle.current().pid();
        });
        server.start();
    }
}
