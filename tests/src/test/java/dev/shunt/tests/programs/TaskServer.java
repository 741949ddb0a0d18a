package dev.shunt.tests.programs;

import dev.shunt.net.Connection;
import dev.shunt.net.Protocol;
import dev.shunt.plan.Placement;
import dev.shunt.protocol.Protocols;
import dev.shunt.server.Server;
import dev.shunt.server.ServerSettings;
import dev.shunt.task.TaskOptions;
import java.time.Duration;
import java.util.Objects;

/** A server that hands tasks to task workers as its clients tell it, and tells them the results: see {@link Jobs}. */
public final class TaskServer {

    static final Protocol TEXT = Objects.requireNonNull(Protocols.builtIn().get("text"));

    private final Options options;
    private final Server server;

    private TaskServer(Options options) {
        this.options = options;
        server = new Server("127.0.0.1", options.number("port", 0));
    }

    static void main(String[] args) {
        var program = new TaskServer(Options.of(args));
        program.setUp();
        program.server.start();
        IO.println("start returned");
    }

    private void setUp() {
        server.set(this::set);
        server.onStart(() -> IO.println("listening on " + server.endpoint().hostAndPort()));
        server.onShutdown(() -> IO.println("shut down"));
        server.onWorkerStart(id -> IO.println("worker " + id + " starts"));
        server.onWorkerStop(id -> IO.println("worker " + id + " stops"));
        server.onWorkerError(exit -> IO.println(
                "child " + exit.child() + " of " + exit.group() + " ended: pid " + exit.pid() + " " + exit.how()));
        server.onReceive((connection, data) -> obey(connection, Command.of(data.text())));
        server.onTask(new Jobs(server, options)::run);
        server.onFinish(done -> IO.println("on worker " + server.workerId() + " finish " + Results.text(done)));
        server.onTaskFailed(result -> IO.println("on worker " + server.workerId() + " task " + Results.text(result)));
    }

    private void set(ServerSettings settings) {
        settings.protocol(TEXT)
                .placement(options.placement("placement", Placement.EVENT_LOOP))
                .taskPlacement(options.placement("task-placement", Placement.CHILDREN))
                .workerNum(options.number("workers", 0))
                .workerProcesses(options.number("worker-processes", 1))
                .virtualWorkers(options.flag("virtual"))
                .taskWorkerNum(options.number("task-workers", 4))
                .taskProcesses(options.number("task-processes", 0))
                .maxQueuedTasks(options.number("queue", 100_000))
                .maxWaitTime(Duration.ofMillis(options.number("max-wait-millis", 3_000)))
                .inProcess(options.flag("in-process"))
                .socketBufferSize(16 << 20);
        String jvmOptions = options.text("task-jvm-options", "");
        if (!jvmOptions.isEmpty()) {
            settings.taskJvmOptions(jvmOptions.split(" ", -1));
        }
    }

    private void obey(Connection from, Command command) {
        try {
            switch (command.verb()) {
                case "ping" -> from.send("pong");
                case "me" -> from.send("connection " + from.id());
                case "where" -> from.send(where());
                case "stats" -> from.send(server.stats());
                case "shutdown" -> server.shutdown();
                case "reload" -> server.reload();
                case "reload-tasks" -> server.reloadTasks();
                case "task" -> submit(from, command.rest(), TaskOptions.DEFAULT);
                case "retry" -> submit(from, command.next().rest(), retries(command));
                case "times" -> submitTimes(from, command);
                case "task-without-callback" -> from.send("task " + server.task(command.rest()));
                case "wait" ->
                    from.send(Results.text(server.taskWait(command.next().rest(), millis(command))));
                default -> throw command.unknown();
            }
        } catch (IllegalStateException | IllegalArgumentException e) {
            from.send("refused " + e.getMessage());
        }
    }

    private void submit(Connection from, String job, TaskOptions how) {
        String origin = where();
        long id = server.task(job, how, result -> {
            from.send(Results.text(result));
            if (!where().equals(origin)) {
                IO.println("result of " + result.taskId() + " on " + where() + ", asked on " + origin);
            }
        });
        from.send("task " + id);
    }

    private void submitTimes(Connection from, Command command) {
        for (int i = 0; i < Integer.parseInt(command.next().verb()); i++) {
            submit(from, command.next().rest(), TaskOptions.DEFAULT);
        }
    }

    private static TaskOptions retries(Command command) {
        return TaskOptions.DEFAULT.retries(Integer.parseInt(command.next().verb())).backoff(Duration.ofMillis(10));
    }

    private static Duration millis(Command command) {
        return Duration.ofMillis(Integer.parseInt(command.next().verb()));
    }

    /** The worker, process and thread that runs this. */
    private String where() {
        return "worker " + server.workerId() + " pid " + ProcessHandle.current().pid() + " thread "
                + Thread.currentThread().getName();
    }
}
