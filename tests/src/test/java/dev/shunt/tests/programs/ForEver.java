package dev.shunt.tests.programs;

import dev.shunt.http.WebSocketProtocol;
import dev.shunt.plan.Placement;
import dev.shunt.server.Server;
import dev.shunt.sqlite.SqliteTaskLog;
import dev.shunt.task.Durability;
import dev.shunt.task.Retry;
import dev.shunt.task.Task;
import dev.shunt.task.TaskHandle;
import dev.shunt.task.TaskOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Says for ever wherever a duration or a time can be said, and what comes of it, a line each. */
public final class ForEver {

    private static final Duration FOREVER = ChronoUnit.FOREVER.getDuration();
    private static final Duration MILLIS = Duration.ofMillis(Long.MAX_VALUE);
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    record Limited(String text) {}

    private final Options options;
    private final Server server = new Server("127.0.0.1", 0);

    private ForEver(Options options) {
        this.options = options;
    }

    static void main(String[] args) {
        var program = new ForEver(Options.of(args));
        program.declare();
        program.server.start();
        IO.println("start returned");
    }

    private void declare() {
        server.set(settings -> settings.taskWorkerNum(2)
                .taskPlacement(options.placement("task-placement", Placement.CHILDREN))
                .maxWaitTime(FOREVER)
                .protocol(WebSocketProtocol.DEFAULT.withPingInterval(FOREVER))
                .taskLog(SqliteTaskLog.at(Path.of(options.text("log", "")))));
        server.onReceive((_, _) -> {});
        server.onTask(this::run);
        server.answer(Limited.class, (limited, _) -> limited.text());
        server.rateLimit(Limited.class, 1, FOREVER);
        server.onTaskError((_, _) -> Retry.after(FOREVER));
        server.schedule("never", "0 0 29 2 *", () -> "never");
        server.onManagerStart(() -> {
            try {
                options();
                waits();
                timers();
                delays();
                IO.println("all said");
            } catch (Exception e) {
                IO.println("failed " + e);
            }
        });
    }

    private @Nullable Object run(Task task) {
        String text = task.data().text();
        return switch (text) {
            case "fail" -> throw new IllegalStateException(text);
            case "nested" -> Results.text(server.taskWait("inner", FOREVER));
            default -> text + (task.deadline().isPresent() ? " with a deadline" : "");
        };
    }

    private void options() throws Exception {
        var durable = TaskOptions.DEFAULT.durability(Durability.DISK);
        ended("deadline", TaskOptions.DEFAULT.deadline(MILLIS));
        ended("timeout", TaskOptions.DEFAULT.timeout(FOREVER).retries(1).backoff(FOREVER));
        ended("durable", durable.deadline(FOREVER).timeout(MILLIS));
        ended("at the first", TaskOptions.DEFAULT.at(Instant.MIN).uniqueKey("first"));
        ended("durable at the first", durable.at(Instant.MIN).deadline(FOREVER));
        say("limited", server.submit(new Limited("limited")));
    }

    private void waits() throws Exception {
        IO.println("waited " + Results.text(server.taskWait("waited", FOREVER)));
        IO.println("waited for "
                + server.taskWaitMulti(List.of("one", "other"), MILLIS).size());
        server.after(Duration.ZERO, () -> {});
        ended("nested", TaskOptions.DEFAULT);
        var together = server.taskCo(List.of("a", "b"), FOREVER).toCompletableFuture();
        IO.println("together "
                + together.get(PATIENCE.toSeconds(), TimeUnit.SECONDS).size());
    }

    private void timers() {
        long tick = server.tick(FOREVER, () -> IO.println("a tick"));
        long after = server.after(MILLIS, () -> IO.println("after"));
        IO.println("timers " + server.clearTimer(tick) + " " + server.clearTimer(after));
        server.tick(FOREVER, () -> IO.println("a tick"));
    }

    private void delays() throws Exception {
        var waiting = List.of(
                server.submit("delayed", TaskOptions.DEFAULT.delay(FOREVER).deadline(FOREVER)),
                server.submit("at the last", TaskOptions.DEFAULT.at(Instant.MAX)),
                server.submit("at the last", TaskOptions.DEFAULT.at(Instant.MAX).uniqueKey("last")),
                server.submit("fail", TaskOptions.DEFAULT.retries(1)),
                server.submit(new Limited("limited too")));
        for (var options : List.of(
                TaskOptions.DEFAULT.delay(MILLIS).deadline(FOREVER),
                TaskOptions.DEFAULT.at(Instant.MAX).timeout(FOREVER))) {
            server.submit("kept", options.durability(Durability.DISK))
                    .stored()
                    .toCompletableFuture()
                    .get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        }
        ended("meanwhile", TaskOptions.DEFAULT);
        ended("meanwhile", TaskOptions.DEFAULT);
        for (var task : waiting) {
            task.cancel();
            say("waiting", task);
        }
    }

    private void ended(String text, TaskOptions how) throws Exception {
        say(text, server.submit(text, how));
    }

    private static void say(String text, TaskHandle task) throws Exception {
        var result = task.result().toCompletableFuture().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        IO.println(text + ": " + Results.text(result).replaceFirst(" " + task.id() + "\\b", ""));
    }
}
