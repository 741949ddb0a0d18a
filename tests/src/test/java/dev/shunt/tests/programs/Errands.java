package dev.shunt.tests.programs;

import dev.shunt.plan.Placement;
import dev.shunt.sqlite.SqliteTaskLog;
import dev.shunt.task.DeadTask;
import dev.shunt.task.Durability;
import dev.shunt.task.Result;
import dev.shunt.task.Task;
import dev.shunt.task.TaskOptions;
import dev.shunt.testkit.Gate;
import dev.shunt.worker.TcpConnection;
import dev.shunt.worker.Worker;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A worker that listens, and one for the tasks its clients ask for: a line each, answered with the result. */
public final class Errands {

    /** A type of its own. */
    record Sum(int a, int b) {}

    private final Options options;
    private final Worker tasks = new Worker();

    private Errands(Options options) {
        this.options = options;
    }

    static void main(String[] args) {
        var program = new Errands(Options.of(args));
        program.declare();
        Worker.runAll();
    }

    private void declare() {
        tasks.name("tasks")
                .count(options.number("count", 2))
                .processes(options.number("task-processes", 2))
                .onTask(this::run)
                .answer(Sum.class, (sum, _) -> sum.a() + sum.b())
                .onFinish(done -> IO.println("finished " + done.data() + " in " + pid()))
                .onTaskFailed(result -> IO.println("failed " + result + " in " + pid()));
        String log = options.text("log", "");
        if (!log.isEmpty()) {
            Worker.taskLog(SqliteTaskLog.at(Path.of(log)));
        }
        Worker.maxQueuedTasks(options.number("queue", 100_000));
        new Worker("text://127.0.0.1:0")
                .name("front")
                .placement(Placement.valueOf(options.text("front", "CHILDREN")))
                .count(2)
                .onMessage((client, line) -> obey(client, Command.of(line.text())));
    }

    private @Nullable Object run(Task task) throws IOException {
        var job = Command.of(task.data().text());
        return switch (job.verb()) {
            case "pid" -> pid();
            case "id" -> tasks.id();
            case "fail" -> throw new IllegalStateException(job.rest());
            case "gate" -> Gate.pass(options.number("gate", 0), "attempt " + task.attempt() + " in " + pid());
            case "second" -> second(task);
            case "nested" -> text(tasks.taskWait(job.rest(), Duration.ofSeconds(20)));
            default -> throw job.unknown();
        };
    }

    /** Succeeds when it is run for the second time. */
    private static String second(Task task) {
        if (task.attempt() < 2) {
            throw new IllegalStateException("attempt " + task.attempt());
        }
        return "attempt " + task.attempt();
    }

    private void obey(TcpConnection client, Command command) {
        Consumer<Result> answer = result -> client.send(text(result));
        switch (command.verb()) {
            case "task" -> tasks.task(command.rest(), answer);
            case "quietly" -> client.send("task " + (tasks.task(command.rest()) > 0));
            case "retry" ->
                tasks.task(command.rest(), TaskOptions.DEFAULT.retries(2).backoff(Duration.ofMillis(10)), answer);
            case "durable" ->
                tasks.submit(command.rest(), TaskOptions.DEFAULT.durability(Durability.DISK))
                        .stored()
                        .thenRun(() -> client.send("stored"));
            case "sum" ->
                tasks.submit(new Sum(Integer.parseInt(command.next().verb()), 1))
                        .result()
                        .thenAccept(answer);
            case "wait" -> answer.accept(tasks.taskWait(command.rest(), Duration.ofSeconds(20)));
            case "where" -> client.send(pid());
            case "dead" -> dead(client);
            case "rerun" ->
                tasks.rerunDeadTask(Long.parseLong(command.rest())).thenAccept(found -> client.send("rerun " + found));
            case "discard" ->
                tasks.discardDeadTask(Long.parseLong(command.rest()))
                        .thenAccept(found -> client.send("discard " + found));
            case "stats" ->
                client.send(Worker.stats().tasksFailed() + " failed, "
                        + Worker.stats().tasksDead() + " dead");
            default -> throw command.unknown();
        }
    }

    private void dead(TcpConnection client) {
        try {
            tasks.deadTasks(-1, 10)
                    .thenAccept(letters -> client.send(
                            "dead " + letters.stream().map(DeadTask::id).toList()));
        } catch (IllegalStateException e) {
            client.send(e.getMessage());
        }
    }

    private static String text(Result result) {
        return switch (result) {
            case Result.Done done -> "done " + done.data();
            case Result.Failed failed -> "failed " + failed.failure().message();
            case Result.Lost _ -> "lost";
            case Result.Rejected rejected -> "rejected " + rejected.reason();
            case Result.TimedOut _, Result.Cancelled _ -> "neither of them happens here: " + result;
        };
    }

    private static long pid() {
        return ProcessHandle.current().pid();
    }
}
