import dev.shunt.Shunt;
import dev.shunt.examples.ConsoleOptions;
import dev.shunt.examples.Listen;
import dev.shunt.examples.Options;
import dev.shunt.net.Connection;
import dev.shunt.protocol.TextProtocol;
import dev.shunt.server.Server;
import dev.shunt.task.Result;
import dev.shunt.task.Retry;
import dev.shunt.task.TaskOptions;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import picocli.CommandLine.Mixin;

@Mixin Listen listen = new Listen("127.0.0.1", 9501);

@Mixin ConsoleOptions console = new ConsoleOptions();

/** Who wants to hear of a task that runs again. */
final Map<Long, Connection> askers = new ConcurrentHashMap<>();

record Fetch(String url) {}

void main(String[] args) {
    var runDirectory = Options.read(this, args);
    var server = new Server(listen.host, listen.port);
    server.set(settings -> runDirectory.ifPresent(settings::runDirectory));
    server.set(console::set);
    server.set(settings -> settings.protocol(new TextProtocol()).taskWorkerNum(4));

    // In a task worker process: a page's status, or an exception.
    server.answer(Fetch.class, (fetch, _) -> status(fetch.url()));

    // A server that does not answer may do so later; an address that is none never will be one.
    server.onTaskError(
            (_, thrown) -> thrown instanceof IOException ? Retry.byOptions() : Retry.giveUp());

    server.onReceive((client, line) -> {
        var command = line.text().split(" ", 2);
        var what = command.length == 2 ? command[1] : "";
        switch (command[0]) {
            case "fetch" -> fetch(server, client, what);
            case "dead" -> tellOfTheDead(server, client);
            case "rerun" -> rerun(server, client, id(what));
            case "discard" -> tell(client, server.discardDeadTask(id(what)));
            default -> client.send("fetch URL, dead, rerun ID, or discard ID");
        }
    });

    // Of tasks that run again: they have no handle any more.
    server.onFinish(this::tellAsker);
    server.onTaskFailed(this::tellAsker);

    server.onStart(() -> IO.println("listening on " + server.endpoint().hostAndPort()));
    Shunt.command(args, server::start);
}

int status(String url) throws IOException, InterruptedException {
    var request = HttpRequest.newBuilder(URI.create(url)).timeout(Duration.ofSeconds(5));
    try (var http = HttpClient.newHttpClient()) {
        return http.send(request.build(), BodyHandlers.discarding()).statusCode();
    }
}

/** Three attempts, 100 and 200 milliseconds apart or somewhat less; then it is a dead letter. */
void fetch(Server server, Connection client, String url) {
    var options = TaskOptions.DEFAULT.retries(2).backoff(Duration.ofMillis(100));
    var task = server.submit(new Fetch(url), options);
    client.send("task " + task.id());
    var _ = task.result().thenAccept(result -> client.send(told(result)));
}

String told(Result result) {
    return "task "
            + result.taskId()
            + ": "
            + switch (result) {
                case Result.Done done -> done.data().text();
                case Result.Failed failed -> failed.failure().toString();
                case Result other -> other.toString();
            };
}

void rerun(Server server, Connection client, long id) {
    boolean isFirst = askers.putIfAbsent(id, client) == null;
    var isDead = server.rerunDeadTask(id);
    tell(client, isDead);
    var _ =
            isDead.whenComplete((there, problem) -> {
                if (isFirst && (problem != null || !there)) {
                    askers.remove(id);
                }
            });
}

void tellAsker(Result result) {
    var asker = askers.remove(result.taskId());
    if (asker != null) {
        asker.send(told(result));
    }
}

void tellOfTheDead(Server server, Connection client) {
    var _ =
            server.deadTasks(-1, 100)
                    .thenAccept(letters -> {
                        letters.forEach(
                                letter -> client.send(letter.id() + " " + letter.task().data()));
                        client.send(letters.size() + " dead");
                    });
}

void tell(Connection client, CompletionStage<Boolean> done) {
    var _ =
            done.thenApply(there -> there ? "ok" : "there is no such dead letter")
                    .exceptionally(problem -> "that failed: " + problem.getMessage())
                    .thenAccept(client::send);
}

long id(String text) {
    return text.matches("[0-9]{1,18}") ? Long.parseLong(text) : -1;
}
