package dev.shunt.tests.programs;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.shunt.postgres.PostgresTaskQueue;
import dev.shunt.server.Server;
import dev.shunt.task.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;

/**
 * A node of a fleet with a schedule: {@code URL NAME LEDGER}. Each two seconds one of them writes a task's id into its ledger; also
 * of one that is refused, where the one before took longer.
 */
public final class Ticking {

    private Ticking() {}

    static void main(String[] args) {
        var ledger = Path.of(args[2]);
        var server = new Server("127.0.0.1", 0);
        server.set(settings -> settings.taskWorkerNum(1)
                .taskQueue(PostgresTaskQueue.at(args[0])
                        .name(args[1])
                        .ttl(Duration.ofSeconds(10))
                        .withoutBus()));
        server.onReceive((_, _) -> {});
        server.onTask((_, task) -> write(ledger, task.id()));
        server.onTaskFailed(result -> {
            if (result instanceof Result.Rejected) {
                write(ledger, result.taskId());
            }
        });
        server.schedule("tick", Duration.ofSeconds(2), () -> "tick");
        server.onStart(() -> IO.println("listening on " + server.endpoint().hostAndPort()));
        server.start();
    }

    private static void write(Path ledger, long id) {
        try {
            Files.write(ledger, (id + "\n").getBytes(UTF_8), StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new IllegalStateException(ledger + " cannot be written", e);
        }
    }
}
