package dev.shunt.tests.programs;

import dev.shunt.plan.Placement;
import dev.shunt.task.Result;
import dev.shunt.worker.Worker;
import java.time.Duration;

/**
 * A WebSocket that answers with the length of each message, a port for lines whose tasks run in a child, and the numbers of
 * connections.
 */
public final class Crowded {

    private Crowded() {}

    static void main(String[] args) {
        var options = Options.of(args);
        var tasks = new Worker()
                .name("tasks")
                .count(2)
                .processes(1)
                .onTask(task ->
                        ProcessHandle.current().pid() + " " + task.data().text());
        new Worker("text://127.0.0.1:0")
                .name("lines")
                .placement(Placement.EVENT_LOOP)
                .onMessage((client, line) -> {
                    if (line.text().equals("stats")) {
                        client.send(Worker.stats().connections().toString());
                    } else {
                        tasks.task(line.text(), result -> client.send(answer(result)));
                    }
                });
        new Worker("websocket://127.0.0.1:0")
                .name("crowd")
                .count(2)
                .placement(options.placement("placement", Placement.EVENT_LOOP))
                .maxPackageSize(10 << 20)
                .maxConnections(options.number("max-connections", 100_000))
                .messageTimeout(Duration.ofSeconds(options.number("message-timeout", 60)))
                .onMessage((client, message) -> client.send("got " + message.bytes().length));
        Worker.runAll();
    }

    private static String answer(Result result) {
        return result instanceof Result.Done done ? done.data().text() : result.toString();
    }
}
