package dev.shunt.testing;

import dev.shunt.protocol.TextProtocol;
import dev.shunt.server.Server;
import java.util.Map;

/**
 * What a program does until it serves: a server, a child, a task and its answer. The manager's classes go into the
 * {@link AotCache}.
 */
final class AotTraining {

    private static final int ROUNDS = 20;

    private AotTraining() {}

    public static void main(String[] args) {
        var server = new Server("127.0.0.1", 0);
        server.set(settings -> settings.taskWorkerNum(1).protocol(new TextProtocol()));
        server.onReceive((connection, line) ->
                server.task(Map.of("line", line.text()), result -> connection.send(result.toString())));
        server.onTask(task -> {
            return task.data();
        });
        server.onStart(() -> Thread.ofPlatform().name("client").start(() -> ask(server)));
        server.start();
    }

    private static void ask(Server server) {
        try (var client = new LineClient(server.endpoint().port())) {
            for (int i = 0; i < ROUNDS; i++) {
                client.ask("round " + i);
            }
        } finally {
            server.shutdown();
        }
    }
}
