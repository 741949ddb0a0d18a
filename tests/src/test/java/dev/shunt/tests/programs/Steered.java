package dev.shunt.tests.programs;

import dev.shunt.control.Control;
import dev.shunt.control.DeadFilter;
import dev.shunt.net.Connection;
import dev.shunt.protocol.TextProtocol;
import dev.shunt.server.Server;
import dev.shunt.sqlite.SqliteTaskLog;
import dev.shunt.task.TaskOptions;
import dev.shunt.testing.Gate;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;

/**
 * A program to be seen and steered by its control socket. Each line is a command that makes something to see: tasks that
 * spin, wait or fail, a child that looks by itself, a loop that is held up.
 */
public final class Steered {

    /** @param secret is masked */
    public record Failing(String what, String secret) {}

    /** @param how {@code spin} for ever, {@code block} until interrupted, or text to answer */
    public record Order(String how) {}

    private static final TaskOptions TENANT = TaskOptions.DEFAULT.header("tenant", "acme");
    private static final TaskOptions ONCE = TENANT.retries(1).backoff(Duration.ofMillis(1));

    private final Server server = new Server("127.0.0.1", 0);

    private Steered() {}

    static void main(String[] args) {
        var options = Options.of(args);
        new Steered().run(Path.of(options.text("run-dir", "")));
    }

    private void run(Path directory) {
        server.set(settings -> settings.taskWorkerNum(2)
                .taskProcesses(2)
                .protocol(new TextProtocol())
                .programName("steered")
                .taskLog(SqliteTaskLog.at(directory.resolveSibling(
                        "tasks-" + ProcessHandle.current().pid() + ".db")))
                .maskPayloads((_, field) -> field.equals("secret"))
                .runDirectory(directory));
        server.onReceive((client, line) -> obey(client, line.text()));
        server.handle(Failing.class, (failing, _) -> {
            throw new IllegalStateException("no " + failing.what());
        });
        server.answer(Order.class, (order, _) -> run(order.how()));
        server.schedule("yearly", "0 3 1 1 *", () -> new Order("scheduled"));
        server.onFinish(result -> IO.println("finished " + result.data()));
        server.onTaskFailed(result -> IO.println("not done " + result));
        server.onStart(() -> IO.println("listening on " + server.endpoint().hostAndPort()));
        server.start();
    }

    private void obey(Connection client, String line) throws IOException {
        var words = line.split(" ", 2);
        switch (words[0]) {
            case "fail" -> client.send(server.task(new Failing(words[1], "hunter2"), ONCE));
            case "only" -> client.send(server.task(only(words[1]), ONCE.uniqueKey("only")));
            case "order" -> client.send(server.task(new Order(words[1]), TENANT));
            case "many" -> {
                for (int i = Integer.parseInt(words[1]); i > 0; i--) {
                    server.task(new Order("number " + i));
                }
                client.send("submitted");
            }
            case "join" -> {
                server.joinGroup(client.id(), words[1]);
                client.send("joined");
            }
            case "hold" -> {
                Gate.pass(Integer.parseInt(words[1]), "hold");
                client.send("held");
            }
            default -> client.send("what?");
        }
    }

    private static Object only(String what) {
        return what.equals("block") ? new Order(what) : new Failing(what, "hunter2");
    }

    private String run(String how) throws Exception {
        return switch (how) {
            case "spin" -> {
                while (true) {
                    Thread.onSpinWait();
                }
            }
            case "block" -> {
                new CountDownLatch(1).await();
                yield "never";
            }
            case "look" -> look(server.control().as("child"));
            default -> how;
        };
    }

    /** In a child. */
    private String look(Control control) throws Exception {
        var seen = control.inspect().toCompletableFuture().get();
        var dead = server.deadTasks(-1, 100).toCompletableFuture().get();
        String letters = dead.stream()
                .map(letter -> letter.task().data().as(Failing.class).what())
                .collect(Collectors.joining(","));
        boolean discarded = !dead.isEmpty()
                && server.discardDeadTask(dead.getFirst().id())
                        .toCompletableFuture()
                        .get();
        long none = control.discard(DeadFilter.ofIds(Set.of(Long.MAX_VALUE)))
                .toCompletableFuture()
                .get()
                .matched();
        return "saw " + seen.program() + " with " + seen.runningTotal() + " running, dead " + letters + ", discarded "
                + discarded + ", none " + none;
    }
}
