package dev.shunt.tests.programs;

import dev.shunt.Shunt;
import dev.shunt.protocol.TextProtocol;
import dev.shunt.server.Server;
import dev.shunt.task.TaskOptions;
import java.nio.file.Path;
import java.time.Duration;

/**
 * A server whose command line is {@code Shunt.command}. Answers {@code spin}, a task without end that heeds no interrupt,
 * and {@code fail TEXT}, one that fails for good and stays as a dead letter, with their ids.
 */
public final class Stubborn {

    private static volatile boolean over;

    private Stubborn() {}

    static void main(String[] args) {
        var options = Options.of(Shunt.ownArguments(args));
        var server = new Server("127.0.0.1", options.number("port", 0));
        server.set(settings -> {
            settings.taskWorkerNum(2).taskProcesses(2).protocol(new TextProtocol());
            if (options.values().containsKey("run-dir")) {
                settings.runDirectory(Path.of(options.text("run-dir", "")));
            }
        });
        server.onReceive((client, line) -> client.send(
                String.valueOf(server.task(line, TaskOptions.DEFAULT.retries(1).backoff(Duration.ofMillis(1))))));
        server.onTask((_, task) -> {
            if (task.data().text().startsWith("fail ")) {
                throw new IllegalStateException(task.data().text().substring(5));
            }
            while (!over) {
                Thread.onSpinWait();
            }
        });
        server.onTaskFailed(_ -> {});
        server.onStart(() -> IO.println("listening on " + server.endpoint().hostAndPort()));
        Shunt.command(args, server::start);
    }
}
