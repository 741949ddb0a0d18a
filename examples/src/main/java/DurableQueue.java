import static java.nio.charset.StandardCharsets.UTF_8;

import dev.shunt.examples.Listen;
import dev.shunt.examples.Options;
import dev.shunt.protocol.TextProtocol;
import dev.shunt.server.Server;
import dev.shunt.sqlite.SqliteTaskLog;
import dev.shunt.task.Durability;
import dev.shunt.task.Task;
import dev.shunt.task.TaskOptions;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Mixin Listen listen = new Listen("127.0.0.1", 9501);

@Option(
        names = "--store",
        paramLabel = "FILE",
        required = true,
        description =
                "where tasks are kept until they are done, an SQLite database; made if missing")
Path store;

@Option(
        names = "--ledger",
        paramLabel = "FILE",
        required = true,
        description = "where each task writes its id and its line; made if missing")
Path ledger;

record Numbers(long queued, long running, long done, long failed, long dead) {}

void main(String[] args) {
    Options.read(this, args);
    var server = new Server(listen.host, listen.port);
    server.set(settings ->
            settings.protocol(new TextProtocol())
                    .taskWorkerNum(4)
                    .taskLog(SqliteTaskLog.at(store)));

    // Run again, however often its process is killed, until the line is in the ledger.
    var untilItIsDone =
            TaskOptions.retries(Integer.MAX_VALUE)
                    .backoff(Duration.ofMillis(100))
                    .durability(Durability.SYNC);

    server.onReceive((connection, line) -> {
        if (line.text().equals("stats")) {
            var now = server.stats();
            connection.send(
                    new Numbers(
                            now.tasksQueued(),
                            now.tasksRunning(),
                            now.tasksDone(),
                            now.tasksFailed(),
                            now.tasksDead()));
            return;
        }
        var task = server.submit(line, untilItIsDone);
        var _ =
                task.stored()
                        .whenComplete((_, problem) ->
                                connection.send(
                                        problem == null
                                                ? "stored " + task.id()
                                                : "not stored: " + problem.getMessage()));
    });

    server.onTask(task -> {
        append(task);
    });

    server.onStart(() -> IO.println("listening on " + server.endpoint().hostAndPort()));
    server.start();
}

/** One write, so that no line is ever half there; and waited for, as the task is done after it. */
void append(Task task) throws IOException {
    try (var file =
            FileChannel.open(ledger, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
        file.write(ByteBuffer.wrap((task.id() + " " + task.data() + "\n").getBytes(UTF_8)));
        file.force(false);
    }
}
