package dev.shunt.tests.programs;

import dev.shunt.protocol.TextProtocol;
import dev.shunt.server.Server;
import dev.shunt.task.TaskOptions;
import dev.shunt.testing.Gate;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A program with a console. Its lines: {@code fail N TEXT} for N mails that fail, {@code mail N} for N that are sent, {@code
 * wait N} for N reports that never end by themselves, each with its progress; {@code hold PORT} holds up the loop until a
 * gate there opens.
 */
public final class Watched {

    private static final TaskOptions AGAIN = TaskOptions.DEFAULT.retries(1).backoff(Duration.ofMillis(1));

    /** @param problem why it cannot be sent, if it cannot */
    record SendMail(String to, int number, @Nullable String problem) {}

    record MakeReport(int month) {}

    private Watched() {}

    static void main(String[] args) {
        var options = Options.of(args);
        var server = new Server("127.0.0.1", 0);
        server.set(settings -> settings.protocol(new TextProtocol())
                .taskWorkerNum(2)
                .maxQueuedTasks(20_000)
                .programName("watched")
                .runDirectory(Path.of(options.text("run-dir", "")))
                .console("127.0.0.1", options.number("console-port", 0), console -> {
                    var with = options.text("password-file", "").isEmpty()
                            ? console
                            : console.credentials("ops", Path.of(options.text("password-file", "")));
                    return (options.flag("read-only") ? with.readOnly() : with).prefix(options.text("prefix", ""));
                }));
        server.handle(SendMail.class, (mail, task) -> {
            if (mail.problem() != null && mail.problem().startsWith("bad address")) {
                throw new IllegalArgumentException(mail.problem());
            }
            if (mail.problem() != null) {
                throw new IllegalStateException(mail.problem());
            }
            new CountDownLatch(1).await(mail.number() % 40, TimeUnit.MILLISECONDS);
        });
        server.handle(MakeReport.class, (report, task) -> {
            task.progress(Map.of("percent", 40));
            new CountDownLatch(1).await();
        });
        server.schedule("nightly", Duration.ofDays(1), () -> new MakeReport(0));
        server.onReceive((connection, line) -> {
            String[] words = line.text().split(" ", 3);
            if (words[0].equals("hold")) {
                Gate.pass(Integer.parseInt(words[1]), "hold");
                return;
            }
            for (int i = 0; i < Integer.parseInt(words[1]); i++) {
                server.submit(asked(words, i), AGAIN);
            }
            connection.send("asked");
        });
        server.onStart(
                () -> System.out.println("listening on " + server.endpoint().hostAndPort()));
        server.start();
    }

    private static Object asked(String[] words, int number) {
        String to = "user" + number + "@example.org";
        return switch (words[0]) {
            case "fail" -> new SendMail(to, number, words[2]);
            case "mail" -> new SendMail(to, number, null);
            default -> new MakeReport(number);
        };
    }
}
