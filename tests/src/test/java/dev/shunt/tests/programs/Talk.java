package dev.shunt.tests.programs;

import dev.shunt.plan.Placement;
import dev.shunt.server.Server;
import dev.shunt.testing.Gate;
import dev.shunt.worker.Worker;
import java.io.IOException;
import java.time.Duration;
import java.util.function.IntSupplier;
import java.util.function.LongPredicate;

/** The same program in both faces: its clients say what a handler does next. */
public final class Talk {

    private final Options options;
    private IntSupplier workerId = () -> -1;
    private Runnable shutdown = () -> {};
    private Runnable reload = () -> {};
    private LongPredicate closeById = _ -> false;

    private Talk(Options options) {
        this.options = options;
    }

    static void main(String[] args) {
        var program = new Talk(Options.of(args));
        if (program.options.text("face", "worker").equals("server")) {
            program.runServer();
        } else {
            program.runWorker();
        }
        IO.println("start returned");
    }

    private void runServer() {
        var server = new Server("127.0.0.1", options.number("port", 0));
        workerId = server::workerId;
        shutdown = server::shutdown;
        reload = server::reload;
        closeById = server::close;
        server.set(settings -> settings.protocol(TaskServer.TEXT)
                .placement(options.placement("placement", Placement.CHILDREN))
                .workerNum(options.number("count", 4))
                .workerProcesses(options.number("processes", 1))
                .virtualWorkers(options.flag("virtual"))
                .workerJvmOptions("-Xmx" + options.text("heap", "64m"))
                .inProcess(options.flag("in-process")));
        server.onStart(() -> IO.println("listening on " + server.endpoint().hostAndPort()));
        server.onWorkerStart(id -> IO.println("worker " + id + " starts"));
        server.onWorkerStop(id -> IO.println("worker " + id + " stops"));
        server.onConnect(connection -> connected(Line.of(connection)));
        server.onReceive((connection, data) -> received(Line.of(connection), data.text()));
        server.onClose(connection -> closed(Line.of(connection)));
        server.start();
    }

    private void runWorker() {
        var worker = new Worker("text://127.0.0.1:" + options.number("port", 0));
        workerId = worker::id;
        shutdown = Worker::stopAll;
        reload = Worker::reloadAll;
        closeById = worker::close;
        worker.placement(options.placement("placement", Placement.CHILDREN))
                .sockets(options.sockets())
                .count(options.number("count", 4))
                .processes(options.number("processes", 1))
                .virtual(options.flag("virtual"))
                .jvmOptions("-Xmx" + options.text("heap", "64m"));
        int handlerSeconds = options.number("handler-seconds", 0);
        if (handlerSeconds > 0) {
            worker.processTimeout(Duration.ofSeconds(handlerSeconds));
        }
        worker.onWorkerStart(w -> IO.println("worker " + w.id() + " starts"));
        worker.onWorkerStop(w -> IO.println("worker " + w.id() + " stops"));
        worker.onConnect(connection -> connected(Line.of(connection)));
        worker.onMessage((connection, data) -> received(Line.of(connection), data.text()));
        worker.onClose(connection -> closed(Line.of(connection)));
        Worker.runAll();
    }

    private void connected(Line line) {
        IO.println("connected " + line.id());
        line.keep(0);
        line.send("hello " + line.id());
    }

    private void closed(Line line) {
        IO.println("closed " + line.id());
    }

    private void received(Line line, String text) throws IOException {
        IO.println("message " + line.id() + " " + (text.length() < 40 ? text : text.length() + " characters"));
        var command = Command.of(text);
        switch (command.verb()) {
            case "ping" -> line.send("pong");
            case "echo" -> line.send(command.rest());
            case "me" -> line.send("connection " + line.id() + " from " + line.remoteAddress());
            case "where" -> line.send(where());
            case "count" -> count(line);
            case "blob" -> line.send("x".repeat(Integer.parseInt(command.rest())));
            case "gate" -> line.send(gate(line, command.rest()));
            case "gate-close" -> line.send(gate(line, command.rest()) + " " + close(command.rest()));
            case "bye" -> sayGoodbye(line, command.rest());
            case "bye-aside" -> sayGoodbyeElsewhere(line, command.rest());
            case "close" -> line.send("closed " + close(command.rest()));
            case "throw" -> throw new IllegalStateException(command.rest());
            case "exit" -> System.exit(Integer.parseInt(command.rest()));
            case "oom" -> Misdeeds.exhaustMemory();
            case "loop" -> Misdeeds.loopForever();
            case "shutdown" -> shutdown.run();
            case "reload" -> reload.run();
            default -> throw command.unknown();
        }
    }

    private String gate(Line line, String name) throws IOException {
        return Gate.pass(
                options.number("gate", 0),
                "connection " + line.id() + " pid " + ProcessHandle.current().pid() + " worker " + workerId.getAsInt()
                        + " " + name);
    }

    /** How often this connection asked; kept with the connection. */
    private static void count(Line line) {
        int next = line.kept() instanceof Integer before ? before + 1 : 1;
        line.keep(next);
        line.send("count " + next);
    }

    private static void sayGoodbye(Line line, String last) {
        line.send(last);
        line.close();
        IO.println("after close: send " + line.send("too late"));
    }

    private boolean close(String id) {
        return closeById.test(Long.parseLong(id));
    }

    /** As {@link #sayGoodbye}, on a thread that is no slot. */
    private static void sayGoodbyeElsewhere(Line line, String last) {
        var thread = Thread.ofVirtual().start(() -> sayGoodbye(line, last));
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private String where() {
        return "worker " + workerId.getAsInt() + " pid "
                + ProcessHandle.current().pid() + " thread "
                + Thread.currentThread().getName();
    }
}
