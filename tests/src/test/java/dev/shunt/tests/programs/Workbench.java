package dev.shunt.tests.programs;

import dev.shunt.plan.Placement;
import dev.shunt.plan.WhenFull;
import dev.shunt.server.Server;
import dev.shunt.server.ServerSettings;
import dev.shunt.sqlite.SqliteTaskLog;
import dev.shunt.task.Result;
import dev.shunt.task.Retry;
import dev.shunt.task.Task;
import dev.shunt.task.TaskHandle;
import dev.shunt.task.TaskOptions;
import dev.shunt.testing.Gate;
import dev.shunt.worker.Timer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Every call of {@link Server} that has to do with tasks, made where and as its clients say: {@code on 3 task - echo
 * hello} does it on worker 3, in whatever process that is. What comes of it is a line for that client, with {@code @}
 * and the worker that heard of it at the end. Tasks are those of {@link Jobs}, and {@code do FD COMMAND}, which obeys
 * in the task worker.
 */
public final class Workbench {

    /** Typed tasks; the first answers, the second does not, the third has no handler. */
    record Sum(int one, int other) {}

    record Note(String text) {}

    record Stray(String text) {}

    private final Options options;
    private final Server server;
    private final Jobs jobs;
    /** Clients that have said something to this process. */
    private final Set<Long> known = ConcurrentHashMap.newKeySet();

    private final Map<Long, TaskHandle> handles = new ConcurrentHashMap<>();

    private Workbench(Options options) {
        this.options = options;
        server = new Server("127.0.0.1", 0);
        jobs = new Jobs(AnyFace.of(server), options);
    }

    static void main(String[] args) {
        var program = new Workbench(Options.of(args));
        program.setUp();
        program.server.start();
        IO.println("start returned");
    }

    private void setUp() {
        server.set(this::set);
        server.onStart(() -> submitted("onStart"));
        server.onManagerStart(() -> {
            submitted("onManagerStart");
            IO.println(
                    "waited in the manager: " + Results.text(server.taskWait("echo waited", Duration.ofSeconds(20))));
            IO.println("listening on " + server.endpoint().hostAndPort());
        });
        server.onReceive((connection, data) -> obey(connection.id(), Command.of(data.text())));
        if (!options.flag("typed-only")) {
            server.onTask(this::work);
        }
        server.answer(Sum.class, (sum, _) -> sum.one() + sum.other());
        server.handle(Note.class, (note, task) -> {
            if (note.text().equals("finish")) {
                task.finish("finished");
            } else if (!note.text().isEmpty()) {
                Gate.pass(options.number("gate", 0), "task " + task.id() + " note " + note.text());
            }
        });
        if (!options.text("rate-millis", "").isEmpty()) {
            server.rateLimit(Sum.class, 1, Duration.ofMillis(options.number("rate-millis", 0)));
        }
        server.onTaskError(Workbench::decide);
        server.onFinish(done -> tell(done, "finish " + Results.text(done)));
        server.onTaskFailed(result -> tell(result, "unfinished " + Results.text(result)));
        server.onPipeMessage((source, message) -> {
            var command = Command.of(message.text());
            long fd = Long.parseLong(command.verb());
            if (command.rest().startsWith("show ")) {
                String shown = command.next().rest();
                tell(fd, "message of " + shown.length() + " " + shown.hashCode() + " from " + source);
            } else {
                obey(fd, command.next().next());
            }
        });
        server.onTaskQueueFull(
                stats -> IO.println("queue full: " + stats.tasks().queued()));
        server.onTaskQueueDrain(
                stats -> IO.println("queue drained: " + stats.tasks().queued()));
        server.onWorkerError(exit -> IO.println("child " + exit.child() + " ended: " + exit.how()));
    }

    private void set(ServerSettings settings) {
        var placement = options.placement("placement", Placement.EVENT_LOOP);
        settings.protocol(TaskServer.TEXT)
                .placement(placement)
                .taskPlacement(options.placement("task-placement", Placement.CHILDREN))
                .workerNum(options.number("workers", 2))
                .virtualWorkers(options.flag("virtual"))
                .taskWorkerNum(options.number("task-workers", 4))
                .taskProcesses(options.number("task-processes", 0))
                .taskMaxRequest(options.number("max-request", 0))
                .taskMaxRequestGrace(options.number("max-request-grace", 0))
                .maxQueuedTasks(options.number("queue", 100_000))
                .whenQueueFull(WhenFull.valueOf(options.text("when-full", "REJECT")))
                .maxWaitTime(Duration.ofMillis(options.number("max-wait-millis", 3_000)))
                .payloadMemory(options.number("payload-memory", 64 << 20))
                .inProcess(options.flag("in-process"))
                .packageMaxLength(80 << 20)
                .socketBufferSize(80 << 20);
        if (placement == Placement.CHILDREN) {
            settings.workerProcesses(options.number("worker-processes", 1));
        }
        String log = options.text("log", "");
        if (!log.isEmpty()) {
            settings.taskLog(SqliteTaskLog.at(Path.of(log)));
        }
    }

    private void submitted(String where) {
        IO.println("in " + where + " task " + server.task("echo from " + where, Given.options("-", "0 " + where)));
    }

    // What a client wants

    private void obey(long fd, Command command) {
        known.add(fd);
        try {
            switch (command.verb()) {
                case "on" -> onWorker(fd, command.next());
                case "thread" -> {
                    var here = new Thread(() -> obey(fd, command.next()));
                    here.setDaemon(true);
                    here.start();
                }
                case "interrupted" -> {
                    Thread.currentThread().interrupt();
                    obey(fd, command.next());
                    tell(fd, "still interrupted: " + Thread.interrupted());
                }
                case "timer" -> Timer.add(0, () -> obey(fd, command.next()), false);
                case "times" -> {
                    for (int i = 0; i < Integer.parseInt(command.next().verb()); i++) {
                        obey(fd, Command.of(command.next().rest().replace("#", Integer.toString(i))));
                    }
                }
                case "ping" -> tell(fd, "pong");
                case "me" -> tell(fd, "me " + fd);
                case "pid" -> tell(fd, "pid " + ProcessHandle.current().pid());
                case "stats" -> server.send(fd, server.stats());
                case "shutdown" -> server.shutdown();
                case "message" ->
                    tell(
                            fd,
                            "sent "
                                    + server.sendMessage(
                                            fd + " " + command.next().rest(), to(command)));
                case "message-large" -> {
                    String text =
                            "x".repeat(Integer.parseInt(command.next().next().verb()));
                    tell(fd, "sent " + server.sendMessage(fd + " show " + text, to(command)));
                    server.sendMessage(fd + " show after", to(command));
                }
                case "message-unencodable" -> server.sendMessage(new Jobs.Unencodable(), to(command));
                default -> task(fd, command);
            }
        } catch (IllegalStateException | IllegalArgumentException | UncheckedIOException e) {
            tell(fd, "refused " + e.getMessage());
        }
    }

    private void onWorker(long fd, Command command) {
        int worker = Integer.parseInt(command.verb());
        if (!server.sendMessage(fd + " do " + command.rest(), worker)) {
            obey(fd, command.next());
        }
    }

    private static int to(Command command) {
        return Integer.parseInt(command.next().verb());
    }

    private void task(long fd, Command command) {
        var how = Given.options(command.next().verb(), Long.toString(fd));
        String rest = command.next().rest();
        switch (command.verb()) {
            case "plain" -> accepted(fd, server.task(rest, how));
            case "task" -> accepted(fd, server.task(rest, how, result -> tell(fd, "callback " + Results.text(result))));
            case "gated" ->
                server.task(rest, how, result -> {
                    passGate("callback");
                    tell(fd, "callback " + Results.text(result));
                });
            case "again" -> again(fd, rest, how, 1_000_000);
            case "at" -> server.task(rest, to(command), result -> tell(fd, Results.text(result)));
            case "handle" -> follow(fd, server.submit(rest, how));
            case "unencodable" -> follow(fd, server.submit(new Jobs.Unencodable(), how));
            case "sum" -> follow(fd, server.submit(new Sum(Integer.parseInt(rest), 1), how));
            case "note" -> follow(fd, server.submit(new Note(rest), how));
            case "stray" -> follow(fd, server.submit(new Stray(rest), how));
            case "cancel" -> handle(command).cancel();
            case "cancelled" -> {
                var handle = server.submit(rest, how);
                handle.cancel();
                follow(fd, handle);
            }
            case "batch" ->
                server.submitAll(jobs(rest), how).results().thenAccept(all -> tell(fd, "batch " + texts(all)));
            case "wait" ->
                tell(
                        fd,
                        "waited "
                                + Results.text(server.taskWait(Command.of(rest).rest(), millis(command), slot(rest))));
            case "multi" -> tell(fd, "multi " + texts(server.taskWaitMulti(jobs(rest), millis(command))));
            case "many" -> tell(fd, "many " + many(Integer.parseInt(rest), millis(command)));
            case "co" -> server.taskCo(jobs(rest), millis(command)).thenAccept(all -> tell(fd, "co " + texts(all)));
            case "dead" ->
                answer(
                        fd,
                        server.deadTasks(Long.parseLong(command.next().verb()), Integer.parseInt(rest)),
                        dead -> "dead "
                                + dead.stream()
                                        .map(letter -> letter.id() + " " + letter.outcome() + " after "
                                                + letter.task().attempts() + " "
                                                + letter.task().data() + ": "
                                                + letter.reason()
                                                        .lines()
                                                        .findFirst()
                                                        .orElse(""))
                                        .toList());
            case "rerun" -> answer(fd, server.rerunDeadTask(Long.parseLong(rest)), done -> "rerun " + done);
            case "discard" -> answer(fd, server.discardDeadTask(Long.parseLong(rest)), done -> "discarded " + done);
            default -> throw command.unknown();
        }
    }

    private void accepted(long fd, long id) {
        tell(fd, "task " + id);
    }

    private void again(long fd, String job, TaskOptions how, int times) {
        server.task(job, how, result -> {
            if (result instanceof Result.Rejected && times > 0) {
                again(fd, job, how, times - 1);
            } else {
                tell(fd, "at last " + Results.text(result));
            }
        });
    }

    private void follow(long fd, TaskHandle handle) {
        handles.put(handle.id(), handle);
        accepted(fd, handle.id());
        handle.progress(progress -> tell(fd, "progress " + handle.id() + " " + progress));
        handle.stored()
                .whenComplete((_, problem) ->
                        tell(fd, "stored " + handle.id() + " " + (problem == null ? "well" : problem.toString())));
        handle.result().thenAccept(result -> {
            tell(fd, "result " + Results.text(result));
            handles.remove(handle.id());
        });
    }

    private TaskHandle handle(Command command) {
        var handle = handles.get(Long.parseLong(command.next().rest()));
        if (handle == null) {
            throw new IllegalStateException(
                    "no handle of task " + command.next().rest() + " here");
        }
        return handle;
    }

    private String many(int count, Duration timeout) {
        var results = server.taskWaitMulti(
                IntStream.range(0, count).mapToObj(i -> "echo " + i).toList(), timeout);
        long right = results.entrySet().stream()
                .filter(entry -> entry.getValue() instanceof Result.Done done
                        && done.data().text().equals(entry.getKey().toString()))
                .count();
        return right + " of " + count;
    }

    private <T> void answer(long fd, CompletionStage<T> stage, Function<T, String> text) {
        stage.whenComplete((value, problem) -> tell(fd, problem == null ? text.apply(value) : "problem " + problem));
    }

    private static List<String> jobs(String list) {
        return list.isEmpty() ? List.of() : Arrays.asList(list.split(";", -1));
    }

    private void passGate(String who) {
        try {
            Gate.pass(options.number("gate", 0), who);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Duration millis(Command command) {
        return Duration.ofMillis(Integer.parseInt(command.next().verb()));
    }

    private static int slot(String rest) {
        return Integer.parseInt(Command.of(rest).verb());
    }

    private static List<String> texts(List<Result> results) {
        return results.stream().map(Results::text).toList();
    }

    private static Map<Integer, String> texts(Map<Integer, Result> results) {
        return results.entrySet().stream()
                .collect(Collectors.toMap(Map.Entry::getKey, entry -> Results.text(entry.getValue())));
    }

    // What it is told

    /** The context of a result is its client and whatever was given. */
    private void tell(Result result, String line) {
        var context = Command.of(result.context().text());
        if (context.verb().isEmpty() || context.verb().equals("0")) {
            IO.println(line + " (" + context.rest() + ")" + here());
        } else {
            String told = line + " (" + context.rest() + ")";
            if (!known.contains(Long.valueOf(context.verb()))) {
                IO.println("orphan " + told + here());
            }
            tell(Long.parseLong(context.verb()), told);
        }
    }

    private void tell(long fd, String line) {
        server.send(fd, line + here());
    }

    private String here() {
        try {
            return " @" + server.workerId();
        } catch (IllegalStateException e) {
            return " @" + Thread.currentThread().getName();
        }
    }

    // In a task worker

    private @Nullable Object work(Task task) throws IOException, InterruptedException {
        var job = Command.of(task.data().text());
        if (!job.verb().equals("do")) {
            return jobs.run(task);
        }
        obey(Long.parseLong(job.next().verb()), job.next().next());
        return "did";
    }

    /** The message of what was thrown is the decision. */
    private static Retry decide(Task task, Throwable thrown) {
        String message = String.valueOf(thrown.getMessage());
        if (message.startsWith("give up")) {
            return Retry.giveUp();
        } else if (message.startsWith("retry after ")) {
            return Retry.after(Duration.ofMillis(Integer.parseInt(message.substring("retry after ".length()))));
        } else if (message.startsWith("decide nothing")) {
            return nothing();
        } else if (message.startsWith("decide badly")) {
            throw new IllegalArgumentException("no decision about task " + task.id());
        }
        return Retry.byOptions();
    }

    /** As a program does that is not checked for nulls. */
    @SuppressWarnings("NullAway")
    private static Retry nothing() {
        var decisions = new ArrayList<Retry>();
        decisions.add(null);
        return decisions.getFirst();
    }
}
