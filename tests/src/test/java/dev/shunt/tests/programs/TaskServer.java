package dev.shunt.tests.programs;

import dev.shunt.Shunt;
import dev.shunt.net.Connection;
import dev.shunt.net.Protocol;
import dev.shunt.plan.Placement;
import dev.shunt.protocol.TextProtocol;
import dev.shunt.server.Server;
import dev.shunt.server.ServerSettings;
import dev.shunt.testing.Gate;
import java.io.IOException;
import java.time.Duration;

/** A server that hands tasks to task workers as its clients tell it, and tells them the results: see {@link Jobs}. */
public final class TaskServer {

    static final Protocol TEXT = new TextProtocol();

    private record ServerClient(Connection connection) implements TaskClientCommands.Client {

        @Override
        public long id() {
            return connection.id();
        }

        @Override
        public boolean send(Object message) {
            return connection.send(message);
        }
    }

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

    /** For another engine than that of a process. */
    public static Server of(String... args) {
        var program = new TaskServer(Options.of(args));
        program.setUp();
        return program.server;
    }

    private void setUp() {
        var face = AnyFace.of(server);
        var commands = new TaskClientCommands(face);
        server.set(this::set);
        server.onStart(() -> IO.println("listening on " + server.endpoint().hostAndPort()));
        server.onShutdown(() -> IO.println("shut down"));
        server.onWorkerStart(this::workerStarts);
        server.onWorkerStop(id -> IO.println("worker " + id + " stops"));
        server.onWorkerError(exit -> IO.println(
                "child " + exit.child() + " of " + exit.group() + " ended: pid " + exit.pid() + " " + exit.how()));
        server.onReceive((connection, data) -> commands.obey(new ServerClient(connection), Command.of(data.text())));
        server.onTask(new Jobs(face, options)::run);
        server.onFinish(done -> IO.println("on worker " + server.workerId() + " finish " + Results.text(done)));
        server.onTaskFailed(result -> IO.println("on worker " + server.workerId() + " task " + Results.text(result)));
    }

    private void workerStarts(int id) throws IOException {
        IO.println("worker " + id + " starts");
        if (options.flag("gate-at-start") && Shunt.isChild()) {
            Gate.pass(options.number("gate", 0), "worker " + id + " starts");
        }
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
                .endSubprocesses(!options.flag("leave-subprocesses"))
                .socketBufferSize(16 << 20);
        String jvmOptions = options.text("task-jvm-options", "");
        if (!jvmOptions.isEmpty()) {
            settings.taskJvmOptions(jvmOptions.split(" ", -1));
        }
    }
}
