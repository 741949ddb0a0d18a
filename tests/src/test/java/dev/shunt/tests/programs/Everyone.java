package dev.shunt.tests.programs;

import dev.shunt.calls.ConnectionCalls;
import dev.shunt.calls.ProgramCalls;
import dev.shunt.net.ConnectionInfo;
import dev.shunt.plan.Placement;
import dev.shunt.server.Server;
import dev.shunt.worker.Worker;
import java.util.stream.Collectors;

/** The same program in both faces: what its clients say is asked about all connections. */
public final class Everyone {

    /** What is asked, of either face. */
    private record Calls(ConnectionCalls connections, ProgramCalls program) {

        static Calls of(Server server) {
            return new Calls(server, server);
        }

        static Calls of(Worker worker) {
            return new Calls(worker, worker);
        }
    }

    private Everyone() {}

    static void main(String[] args) {
        var options = Options.of(args);
        if (options.text("face", "worker").equals("server")) {
            runServer(options);
        } else {
            runWorker(options);
        }
    }

    private static void runServer(Options options) {
        var server = new Server("127.0.0.1", options.number("port", 0));
        server.set(settings -> settings.protocol(TaskServer.TEXT)
                .placement(options.placement("placement", Placement.CHILDREN))
                .workerNum(options.number("count", 2))
                .workerProcesses(options.number("processes", 1)));
        server.onStart(() -> IO.println("listening on " + server.endpoint().hostAndPort()));
        server.onConnect(connection -> connection.send("hello " + connection.id()));
        server.onReceive((connection, data) -> received(Line.of(connection), data.text(), Calls.of(server)));
        server.onClose(connection -> IO.println("closed " + connection.id()));
        server.start();
    }

    private static void runWorker(Options options) {
        var worker = new Worker("text://127.0.0.1:" + options.number("port", 0));
        worker.placement(options.placement("placement", Placement.CHILDREN))
                .count(options.number("count", 2))
                .processes(options.number("processes", 1));
        worker.onConnect(connection -> connection.send("hello " + connection.id()));
        worker.onMessage((connection, data) -> received(Line.of(connection), data.text(), Calls.of(worker)));
        worker.onClose(connection -> IO.println("closed " + connection.id()));
        Worker.runAll();
    }

    private static void received(Line line, String text, Calls calls) {
        try {
            line.send(answer(Command.of(text), calls));
        } catch (RuntimeException e) {
            line.send(e.getClass().getSimpleName() + ": " + e.getMessage());
        }
    }

    private static String answer(Command command, Calls calls) {
        var words = command.rest().split(" ", -1);
        return switch (command.verb()) {
            case "where" ->
                "pid " + ProcessHandle.current().pid() + " worker "
                        + calls.program().workerId();
            case "page" ->
                calls.connections().connections(number(words[0]), (int) number(words[1])).stream()
                        .map(info -> Long.toString(info.id()))
                        .collect(Collectors.joining(" "));
            case "all" -> Long.toString(calls.connections().connections().count());
            case "info" ->
                calls.connections()
                        .info(number(words[0]))
                        .map(ConnectionInfo::toString)
                        .orElse("none");
            case "open" -> Boolean.toString(calls.connections().isOpen(number(words[0])));
            case "send" -> Boolean.toString(calls.program().send(number(words[0]), words[1]));
            case "shut" -> Boolean.toString(calls.program().close(number(words[0])));
            case "abort" -> Boolean.toString(calls.connections().abort(number(words[0])));
            default -> throw command.unknown();
        };
    }

    private static long number(String word) {
        return Long.parseLong(word);
    }
}
