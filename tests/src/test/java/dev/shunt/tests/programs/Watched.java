package dev.shunt.tests.programs;

import dev.shunt.protocol.TextProtocol;
import dev.shunt.server.Server;
import dev.shunt.task.TaskOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;

/**
 * A program with a console. Its lines: {@code fail N TEXT} for N tasks that fail, {@code wait N} for N that never end by
 * themselves, each with its progress.
 */
public final class Watched {

    private static final TaskOptions AGAIN = TaskOptions.DEFAULT.retries(1).backoff(Duration.ofMillis(1));

    record Fails(String text, int number) {}

    record Waits(int number) {}

    private Watched() {}

    static void main(String[] args) {
        var options = Options.of(args);
        var server = new Server("127.0.0.1", 0);
        server.set(settings -> settings.protocol(new TextProtocol())
                .taskWorkerNum(2)
                .programName("watched")
                .runDirectory(Path.of(options.text("run-dir", "")))
                .console("127.0.0.1", options.number("console-port", 0), console -> {
                    var with = options.text("password-file", "").isEmpty()
                            ? console
                            : console.credentials("ops", Path.of(options.text("password-file", "")));
                    return options.flag("read-only") ? with.readOnly() : with;
                }));
        server.handle(Fails.class, (payload, task) -> {
            throw new IllegalStateException(payload.text());
        });
        server.handle(Waits.class, (payload, task) -> {
            task.progress(Map.of("percent", 40));
            new CountDownLatch(1).await();
        });
        server.schedule("nightly", Duration.ofDays(1), () -> new Waits(0));
        server.onReceive((connection, line) -> {
            String[] words = line.text().split(" ", 3);
            for (int i = 0; i < Integer.parseInt(words[1]); i++) {
                server.submit(words[0].equals("fail") ? new Fails(words[2], i) : new Waits(i), AGAIN);
            }
            connection.send("asked");
        });
        server.onStart(
                () -> System.out.println("listening on " + server.endpoint().hostAndPort()));
        server.start();
    }
}
