package dev.shunt.tests.programs;

import dev.shunt.calls.TaskHandlerDeclarations;
import dev.shunt.plan.Placement;
import dev.shunt.server.Server;
import dev.shunt.sqlite.SqliteTaskLog;
import dev.shunt.task.DeadTask;
import dev.shunt.task.Durability;
import dev.shunt.task.Result;
import dev.shunt.task.Task;
import dev.shunt.task.TaskOptions;
import dev.shunt.testing.Gate;
import dev.shunt.worker.Worker;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Consumer;

/**
 * Two groups of task slots in either face: {@code task} for what has no type, with two slots, and {@code mail} for
 * {@link Mail}, with one slot and a JVM option of its own. Clients say what for: {@code mail echo hello}.
 */
public final class Bulkheads {

    /** A type of its own. */
    record Mail(String job) {}

    private final Options options;

    private Bulkheads(Options options) {
        this.options = options;
    }

    static void main(String[] args) {
        var options = Options.of(args);
        var program = new Bulkheads(options);
        if (options.text("face", "server").equals("server")) {
            program.server();
        } else {
            program.workers();
        }
    }

    private void server() {
        var server = new Server("127.0.0.1", 0);
        var face = AnyFace.of(server);
        tasks(server, face)
                .onFinish(done -> IO.println("finished " + done.data()))
                .onTaskFailed(result -> IO.println("failed " + Results.text(result)))
                .taskGroup("mail", mail -> mails(mail.slots(1).processes(1).jvmOptions("-Dbulkhead=mail"), face))
                .onManagerStart(
                        () -> IO.println("listening on " + server.endpoint().hostAndPort()))
                .onReceive((connection, line) -> obey(face, Command.of(line.text()), connection::send))
                .set(settings -> settings.protocol(TaskServer.TEXT)
                        .workerNum(1)
                        .taskWorkerNum(2)
                        .taskProcesses(1)
                        .maxQueuedTasks(options.number("queue", 100_000)));
        if (!log().isEmpty()) {
            server.set(settings -> settings.taskLog(SqliteTaskLog.at(Path.of(log()))));
        }
        server.start();
    }

    private void workers() {
        var mail = new Worker().name("mail").processes(1).jvmOptions("-Dbulkhead=mail");
        var task = new Worker().name("task").count(2).processes(1);
        var face = AnyFace.of(task);
        mails(mail, AnyFace.of(mail));
        tasks(task, face)
                .onFinish(done -> IO.println("finished " + done.data()))
                .onTaskFailed(result -> IO.println("failed " + Results.text(result)));
        new Worker("text://127.0.0.1:0")
                .name("front")
                .placement(Placement.EVENT_LOOP)
                .onMessage((connection, line) -> obey(face, Command.of(line.text()), connection::send));
        Worker.maxQueuedTasks(options.number("queue", 100_000));
        if (!log().isEmpty()) {
            Worker.taskLog(SqliteTaskLog.at(Path.of(log())));
        }
        Worker.runAll();
    }

    private String log() {
        return options.text("log", "");
    }

    private <S> S tasks(TaskHandlerDeclarations<S> group, AnyFace face) {
        return group.onTask(task -> run(face, "task", task.data().text(), task));
    }

    private <S> S mails(TaskHandlerDeclarations<S> group, AnyFace face) {
        return group.answer(Mail.class, (mail, task) -> run(face, "mail", mail.job(), task));
    }

    private String run(AnyFace face, String group, String job, Task task) throws IOException {
        var command = Command.of(job);
        return switch (command.verb()) {
            case "echo" -> command.rest();
            case "where" -> group + " bulkhead " + System.getProperty("bulkhead") + " pid " + pid();
            case "gate" -> group + " " + Gate.pass(options.number("gate", 0), group + " " + pid());
            case "fail" -> throw new IllegalStateException(group + " " + task.attempt() + " " + command.rest());
            case "nested" -> {
                Object other = group.equals("task") ? new Mail(command.rest()) : command.rest();
                yield "nested " + Results.text(face.tasks().taskWait(other, Duration.ofSeconds(20)));
            }
            default -> throw command.unknown();
        };
    }

    private static void obey(AnyFace face, Command command, Consumer<String> answer) {
        var job = command.rest();
        var durable = TaskOptions.DEFAULT.durability(Durability.DISK);
        Consumer<Result> result = end -> answer.accept(Results.text(end));
        try {
            switch (command.verb()) {
                case "task" -> face.tasks().task(job, result);
                case "mail" -> face.tasks().task(new Mail(job), result);
                case "mail-at" -> {
                    int slot = Integer.parseInt(command.next().verb());
                    face.tasks().task(new Mail(command.next().rest()), slot, result);
                }
                case "dead-task" ->
                    face.tasks().task(job, TaskOptions.DEFAULT.retries(1).backoff(Duration.ofMillis(10)), result);
                case "dead-mail" ->
                    face.tasks()
                            .task(new Mail(job), TaskOptions.DEFAULT.retries(1).backoff(Duration.ofMillis(10)), result);
                case "durable-task" ->
                    face.tasks().submit(job, durable).stored().thenRun(() -> answer.accept("stored"));
                case "durable-mail" ->
                    face.tasks().submit(new Mail(job), durable).stored().thenRun(() -> answer.accept("stored"));
                case "dead" ->
                    face.tasks()
                            .deadTasks(-1, 10)
                            .thenAccept(letters -> answer.accept(
                                    letters.stream().map(DeadTask::id).toList().toString()));
                case "rerun" ->
                    face.tasks().rerunDeadTask(Long.parseLong(job)).thenAccept(done -> answer.accept("rerun " + done));
                case "stats" -> {
                    var stats = face.stats().get();
                    answer.accept(
                            stats.slots().tasks() + " slots, " + stats.tasks().running() + " running, "
                                    + stats.tasks().queued() + " queued of "
                                    + stats.tasks().maxQueued());
                }
                default -> throw command.unknown();
            }
        } catch (IllegalArgumentException e) {
            answer.accept("refused " + e.getMessage());
        }
    }

    private static long pid() {
        return ProcessHandle.current().pid();
    }
}
