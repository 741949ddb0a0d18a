package dev.shunt.tests.programs;

import dev.shunt.plan.Placement;
import dev.shunt.worker.TcpConnection;
import dev.shunt.worker.Worker;

/** WebSockets and lines that are closed with a code, as their clients say; prints how each has ended. */
public final class CloseCodes {

    private CloseCodes() {}

    static void main(String[] args) {
        var options = Options.of(args);
        for (String scheme : new String[] {"websocket", "text"}) {
            var worker = new Worker(scheme + "://127.0.0.1:0").name(scheme);
            worker.placement(options.placement("placement", Placement.CHILDREN)).count(2);
            worker.onConnect(connection -> connection.send("hello " + connection.id()));
            worker.onMessage((connection, message) -> obey(worker, connection, Command.of(message.text())));
            worker.onClose(connection -> IO.println("closed " + connection.id() + " with " + connection.closeCode()
                    + " '" + connection.closeReason() + "'"));
        }
        Worker.runAll();
    }

    private static void obey(Worker worker, TcpConnection connection, Command command) {
        try {
            switch (command.verb()) {
                case "ping" -> connection.send("pong " + connection.closeCode());
                case "throw" -> throw new UnsupportedOperationException("deliberately");
                case "close" ->
                    connection.close(
                            Integer.parseInt(command.next().verb()),
                            command.next().rest());
                case "close-id" -> {
                    var with = command.next().next();
                    worker.close(Long.parseLong(command.next().verb()), Integer.parseInt(with.verb()), with.rest());
                }
                default -> throw command.unknown();
            }
        } catch (IllegalArgumentException | IllegalStateException e) {
            connection.send("refused " + e.getMessage());
        }
    }
}
