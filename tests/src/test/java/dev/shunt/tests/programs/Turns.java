package dev.shunt.tests.programs;

import static java.util.concurrent.TimeUnit.MILLISECONDS;

import dev.shunt.plan.Placement;
import dev.shunt.server.Server;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;

/** One slot that has more to do than it can: timers that take longer than their period, or results that come too fast. */
public final class Turns {

    private static final AtomicInteger heard = new AtomicInteger();

    private Turns() {}

    static void main(String[] args) {
        var options = Options.of(args);
        var server = new Server("127.0.0.1", 0);
        server.set(settings -> settings.protocol(TaskServer.TEXT)
                .placement(options.placement("placement", Placement.CHILDREN))
                .workerNum(1)
                .taskWorkerNum(1)
                .maxWaitTime(Duration.ofMinutes(10))); // whoever waits for it is seen
        server.onStart(() -> IO.println("listening on " + server.endpoint().hostAndPort()));
        server.onTask(task -> task.data().text());
        server.onFinish(_ -> {
            work();
            heard.incrementAndGet();
        });
        server.onReceive((connection, data) -> {
            var command = Command.of(data.text());
            switch (command.verb()) {
                case "timers" -> {
                    for (int i = 0; i < Integer.parseInt(command.rest()); i++) {
                        server.tick(Duration.ofMillis(1), Turns::work);
                    }
                }
                case "once" -> server.after(Duration.ofHours(1), () -> IO.println("too early"));
                case "results" -> {
                    for (int i = 0; i < Integer.parseInt(command.rest()); i++) {
                        server.task("echo");
                    }
                }
                case "ping" -> connection.send("pong");
                case "heard" -> connection.send("heard " + heard.get());
                case "reload" -> server.reload();
                default -> throw command.unknown();
            }
        });
        server.start();
    }

    /** Longer than the period of the timers. */
    private static void work() {
        new CompletableFuture<>().completeOnTimeout(null, 5, MILLISECONDS).join();
    }
}
