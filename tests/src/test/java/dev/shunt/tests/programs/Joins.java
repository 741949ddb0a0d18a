package dev.shunt.tests.programs;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;

import dev.shunt.data.Data;
import dev.shunt.net.Connection;
import dev.shunt.plan.Placement;
import dev.shunt.server.Server;
import dev.shunt.task.Result;
import dev.shunt.task.TaskHandle;
import dev.shunt.testing.Gate;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** A server whose handlers wait for what they have asked for, as code that knows futures does; the answer is what they got. */
public final class Joins {

    private final Options options;
    private final Server server = new Server("127.0.0.1", 0);

    private Joins(Options options) {
        this.options = options;
    }

    static void main(String[] args) {
        new Joins(Options.of(args)).run();
    }

    private void run() {
        server.set(settings -> settings.protocol(TaskServer.TEXT)
                .placement(options.placement("placement", Placement.CHILDREN))
                .workerNum(1)
                .taskWorkerNum(2)
                .taskProcesses(1)
                .inProcess(options.flag("in-process")));
        server.onStart(() -> IO.println("listening on " + server.endpoint().hostAndPort()));
        server.onFinish(_ -> {
            throw new IllegalStateException("onFinish threw");
        });
        server.onTask(task -> {
            var command = Command.of(task.data().text());
            return switch (command.verb()) {
                case "echo" -> command.rest();
                case "large" -> "l".repeat(Integer.parseInt(command.rest()));
                case "gate" -> Gate.pass(options.number("gate", 0), command.rest());
                case "ask" ->
                    answer(join(server.submit("echo " + command.rest()).result()));
                default -> throw command.unknown();
            };
        });
        server.onReceive((connection, data) -> received(connection, Command.of(data.text())));
        server.start();
    }

    private void received(Connection connection, Command command) throws Exception {
        try {
            switch (command.verb()) {
                case "callback" -> callback(connection, submit(command.rest()));
                case "throw-in-accept" ->
                    submit(command.rest()).result().thenAccept(_ -> {
                        throw new IllegalStateException("accept threw");
                    });
                case "throw-in-stored" ->
                    submit(command.rest()).stored().thenRun(() -> {
                        throw new IllegalStateException("stored threw");
                    });
                case "throw-in-chain" ->
                    submit(command.rest())
                            .result()
                            .thenApply(Joins::throwIn)
                            .thenAccept(text -> connection.send("never " + text));
                case "throw-handled" ->
                    submit(command.rest())
                            .result()
                            .thenApply(Joins::throwIn)
                            .exceptionally(thrown -> "handled " + thrown.getMessage())
                            .thenAccept(connection::send);
                case "throw-in-task-callback" ->
                    server.task(command.rest(), _ -> {
                        throw new IllegalStateException("callback threw");
                    });
                case "plain" -> server.task(command.rest());
                case "slow-timer" -> server.after(Duration.ZERO, Joins::pause);
                case "slow-callback" -> submit(command.rest()).result().thenRun(Joins::pause);
                case "slow-task-callback" -> server.task(command.rest(), _ -> pause());
                case "slow-all" -> {
                    var _ = CompletableFuture.allOf(
                                    submit(command.rest()).result().toCompletableFuture())
                            .thenRun(Joins::pause);
                }
                default -> connection.send(wait(command));
            }
        } catch (IllegalStateException e) {
            connection.send("refused " + e.getMessage());
        }
    }

    private TaskHandle submit(String task) {
        return server.submit(task);
    }

    private String wait(Command command) throws Exception {
        String task = command.rest();
        return switch (command.verb()) {
            case "join" -> answer(join(submit(task).result()));
            case "get" -> answer(submit(task).result().toCompletableFuture().get());
            case "get-for" -> answer(submit(task).result().toCompletableFuture().get(30, SECONDS));
            case "get-too-short" -> getTooShort(submit(task));
            case "apply" -> join(submit(task).result().thenApply(Joins::answer));
            case "chain" ->
                join(submit(task)
                        .result()
                        .thenApply(Joins::answer)
                        .thenCompose(first -> submit("echo after " + first).result())
                        .thenApply(Joins::answer));
            case "combine" ->
                join(submit(task)
                        .result()
                        .thenCombine(submit(task).result(), (a, b) -> answer(a) + " and " + answer(b)));
            case "both" -> both(task);
            case "batch" ->
                answers(join(server.submitAll(List.of(task, "echo 2")).results()));
            case "co" -> answers(join(server.taskCo(List.of(task, "echo 2"), Duration.ofSeconds(30))));
            case "co-too-short" -> answers(join(server.taskCo(List.of(task), Duration.ofMillis(50))));
            case "stored" -> {
                join(submit(task).stored());
                yield "stored";
            }
            case "all-of" -> {
                var answered = submit(task).result().thenApply(Joins::answer).toCompletableFuture();
                CompletableFuture.allOf(answered)
                        .orTimeout(5, SECONDS)
                        .exceptionally(_ -> null)
                        .join();
                yield answered.isDone() ? "ended" : "never ended";
            }
            case "dead" -> "dead " + join(server.deadTasks(-1, 10)).size();
            default -> throw command.unknown();
        };
    }

    /** The stage in which a future of the JDK's own waits for two. */
    private String both(String task) {
        var first = submit(task).result().toCompletableFuture();
        var second = submit(task).result().toCompletableFuture();
        CompletableFuture.allOf(first, second).join();
        return answer(first.join()) + " and " + answer(second.join());
    }

    private static String getTooShort(TaskHandle handle) throws Exception {
        try {
            return answer(handle.result().toCompletableFuture().get(50, MILLISECONDS));
        } catch (java.util.concurrent.TimeoutException e) {
            return "too short";
        }
    }

    private static <T> T join(CompletionStage<T> stage) {
        return stage.toCompletableFuture().join();
    }

    private static String answer(Result result) {
        return switch (result) {
            case Result.Done done ->
                done.data().text().length() < 100 ? done.data().text() : length(done.data());
            case Result other -> other.getClass().getSimpleName();
        };
    }

    private static String length(Data data) {
        return data.text().length() + " characters";
    }

    private static String answers(List<Result> results) {
        return String.join(", ", results.stream().map(Joins::answer).toList());
    }

    private static void callback(Connection connection, TaskHandle handle) {
        var slot = Thread.currentThread();
        handle.result()
                .thenApply(Joins::answer)
                .thenAccept(
                        text -> connection.send(text + (Thread.currentThread().equals(slot) ? " here" : " elsewhere")));
    }

    private static String throwIn(Result result) {
        throw new IllegalStateException("apply threw " + result.taskId());
    }

    /** Holds up whatever runs it for longer than an event loop may be held up. */
    private static void pause() {
        new CompletableFuture<>().completeOnTimeout(null, 200, MILLISECONDS).join();
    }
}
