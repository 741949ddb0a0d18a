import dev.shunt.Shunt;
import dev.shunt.examples.ConsoleOptions;
import dev.shunt.examples.Ledger;
import dev.shunt.examples.Lines;
import dev.shunt.examples.Listen;
import dev.shunt.examples.MetricsOptions;
import dev.shunt.examples.Options;
import dev.shunt.net.Connection;
import dev.shunt.postgres.PostgresTaskQueue;
import dev.shunt.protocol.TextProtocol;
import dev.shunt.server.Server;
import dev.shunt.sqlite.SqliteTaskLog;
import dev.shunt.stats.Stats;
import dev.shunt.task.Durability;
import dev.shunt.task.Retry;
import dev.shunt.task.TaskOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Mixin Listen listen = new Listen("127.0.0.1", 9501);

@Mixin ConsoleOptions console = new ConsoleOptions();

@Mixin MetricsOptions metrics = new MetricsOptions();

@ArgGroup(multiplicity = "1")
Place place;

static class Place {
    @Option(
            names = "--store",
            paramLabel = "FILE",
            required = true,
            description =
                    "where tasks are kept until they are done, an SQLite database; made if missing")
    Path store;

    @ArgGroup(exclusive = false)
    Fleet fleet;
}

static class Fleet {
    @Option(
            names = "--queue",
            paramLabel = "URL",
            required = true,
            description =
                    "instead of --store, a PostgreSQL database, where nodes share their tasks:"
                            + " jdbc:postgresql://HOST:PORT/DATABASE?user=USER")
    PostgresTaskQueue queue;

    @Option(
            names = "--node",
            paramLabel = "NAME",
            required = true,
            description = "what this node is called")
    String node;

    @Option(
            names = "--ttl",
            paramLabel = "SECONDS",
            converter = Ttl.class,
            description = "how long others wait for this node when it says nothing, default 60")
    int ttl = 60;
}

static class Ttl implements ITypeConverter<Integer> {
    @Override
    public Integer convert(String text) {
        return Options.number(text, 10, 86_400);
    }
}

@Option(
        names = "--ledger",
        paramLabel = "FILE",
        required = true,
        description =
                "where each task writes its id and its line; made if missing, and a last"
                        + " line that has no end is removed")
Ledger ledger;

record Numbers(
        long queued, long running, long done, long failed, long dead, long fenced, int nodes) {

    static Numbers of(Stats now) {
        var tasks = now.tasks();
        var fleet = now.fleet();
        return new Numbers(
                tasks.queued(),
                tasks.running(),
                tasks.done(),
                tasks.failed(),
                tasks.dead(),
                fleet.fenced(),
                Math.max(1, fleet.nodes()));
    }
}

void main(String[] args) {
    var runDirectory = Options.read(this, args);
    var fleet = place.fleet;
    var server = new Server(listen.host, listen.port);
    server.set(settings -> runDirectory.ifPresent(settings::runDirectory));
    server.set(console::set);
    server.set(metrics::set);
    server.set(settings -> settings.protocol(new TextProtocol()).taskWorkerNum(4));
    if (fleet == null) {
        server.set(settings -> settings.taskLog(SqliteTaskLog.at(place.store)));
    } else { // the one line that changes between one machine and a fleet
        server.set(settings ->
                settings.taskQueue(
                        fleet.queue.name(fleet.node).ttl(Duration.ofSeconds(fleet.ttl))));
    }

    // Run again, however often its process is killed, until the line is in the ledger.
    var untilItIsDone =
            TaskOptions.DEFAULT
                    .retries(Integer.MAX_VALUE)
                    .backoff(Duration.ofMillis(100))
                    .durability(Durability.SYNC);

    server.onReceive((client, line) -> {
        var asked = Lines.read(line.text());
        switch (asked) {
            case Lines.AskStats _ ->
                    answer(client, CompletableFuture.completedStage(Numbers.of(server.stats())));
            case Lines.Cancel(long id) ->
                    answer(
                            client,
                            server.cancelTask(id)
                                    .handle((known, problem) ->
                                            problem != null
                                                    ? "not cancelled: " + reason(problem)
                                                    : (known ? "cancelled " : "unknown ") + id));
            case Lines.Task(String text, var key, var unique) -> {
                var options = untilItIsDone;
                options = key == null ? options : options.orderingKey(key);
                options = unique == null ? options : options.uniqueKey(unique);
                var task = server.submit(text, options);
                answer(
                        client,
                        task.stored()
                                .handle((_, problem) ->
                                        problem == null
                                                ? "stored " + task.id()
                                                : notStored(fleet, reason(problem))));
            }
        }
    });

    // In a task worker process. Done when the disk has the line.
    server.onTask((_, task) -> {
        Lines.run(task);
        String line = task.id() + " " + task.data();
        ledger.append(fleet == null ? line : line + " " + fleet.node);
    });

    // Such as a full disk, which may take a while.
    server.onTaskError((task, thrown) -> {
        if (!(thrown instanceof IOException)) {
            return Retry.byOptions();
        }
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

String notStored(Fleet fleet, String why) {
    if (why.contains("unique key")) {
        return "rejected";
    }
    return (fleet == null ? "not stored, send it again later: " : "not stored: ") + why;
}

String reason(Throwable problem) {
    return String.valueOf(
            problem instanceof CompletionException && problem.getCause() != null
                    ? problem.getCause().getMessage()
                    : problem.getMessage());
}
