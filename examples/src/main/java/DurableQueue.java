import dev.shunt.Shunt;
import dev.shunt.examples.Ledger;
import dev.shunt.examples.Listen;
import dev.shunt.examples.Options;
import dev.shunt.net.Connection;
import dev.shunt.protocol.TextProtocol;
import dev.shunt.server.Server;
import dev.shunt.sqlite.SqliteTaskLog;
import dev.shunt.stats.Stats;
import dev.shunt.task.Durability;
import dev.shunt.task.Retry;
import dev.shunt.task.TaskOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
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
        description =
                "where each task writes its id and its line; made if missing, and a last"
                        + " line that has no end is removed")
Ledger ledger;

record Numbers(long queued, long running, long done, long failed, long dead) {

    static Numbers of(Stats now) {
        var tasks = now.tasks();
        return new Numbers(
                tasks.queued(), tasks.running(), tasks.done(), tasks.failed(), tasks.dead());
    }
}

void main(String[] args) {
    var runDirectory = Options.read(this, args);
    var server = new Server(listen.host, listen.port);
    server.set(settings -> runDirectory.ifPresent(settings::runDirectory));
    server.set(settings ->
            settings.protocol(new TextProtocol())
                    .taskWorkerNum(4)
                    .taskLog(SqliteTaskLog.at(store)));

    // Run again, however often its process is killed, until the line is in the ledger.
    var untilItIsDone =
            TaskOptions.DEFAULT
                    .retries(Integer.MAX_VALUE)
                    .backoff(Duration.ofMillis(100))
                    .durability(Durability.SYNC);

    server.onReceive((client, line) -> {
        if (line.text().equals("stats")) {
            answer(client, CompletableFuture.completedStage(Numbers.of(server.stats())));
            return;
        }
        var task = server.submit(line, untilItIsDone);
        answer(
                client,
                task.stored()
                        .handle((_, problem) ->
                                problem == null
                                        ? "stored " + task.id()
                                        : "not stored, send it again later: " + reason(problem)));
    });

    // In a task worker process. Done when the disk has the line.
    server.onTask((_, task) -> {
        ledger.append(task.id() + " " + task.data());
    });

    // Such as a full disk, which may take a while.
    server.onTaskError((task, thrown) -> {
        if (task.attempt() == 1) {
            System.err.println(
                    "task " + task.id() + ", tried again each second: " + thrown.getMessage());
        }
        return Retry.after(Duration.ofSeconds(1));
    });

    server.onStart(() -> IO.println("listening on " + server.endpoint().hostAndPort()));
    Shunt.command(args, server::start);
}

/** In the order of its lines: each answer waits for the one before. */
void answer(Connection client, CompletionStage<?> answer) {
    var before =
            client.attachment() instanceof CompletionStage<?> last
                    ? last
                    : CompletableFuture.completedStage(true);
    client.attach(before.thenCombine(answer, (_, text) -> client.send(text)));
}

String reason(Throwable problem) {
    return String.valueOf(
            problem instanceof CompletionException && problem.getCause() != null
                    ? problem.getCause().getMessage()
                    : problem.getMessage());
}
