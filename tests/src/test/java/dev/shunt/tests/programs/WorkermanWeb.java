package dev.shunt.tests.programs;

import dev.shunt.http.HttpException;
import dev.shunt.http.Request;
import dev.shunt.plan.Placement;
import dev.shunt.worker.Worker;

/** HTTP and WebSocket in Workerman's words: two workers, the second one of WebSocket alone. */
public final class WorkermanWeb {

    private WorkermanWeb() {}

    static void main(String[] args) {
        var options = Options.of(args);
        var placement = options.placement("placement", Placement.CHILDREN);
        var web = new Worker("http://127.0.0.1:" + options.number("port", 0)).placement(placement);
        web.onMessage((connection, message) -> {
            var request = message.as(Request.class);
            switch (request.path()) {
                case "/text" -> connection.send("text of " + connection.remoteIp());
                case "/missing" ->
                    connection.response().status(404).header("X-Why", "none").end("no");
                case "/twice" -> {
                    connection.send("once");
                    try {
                        connection.send("twice");
                    } catch (IllegalStateException e) {
                        IO.println("refused: " + e.getMessage());
                    }
                }
                case "/close" -> connection.close("closed");
                default -> throw new HttpException(400, "what is " + request.path() + "?");
            }
        });
        var chat = new Worker("websocket://127.0.0.1:" + options.number("chat", 0)).placement(placement);
        chat.onWebSocketConnect((connection, request) -> {
            if (request.path().equals("/closed")) {
                connection.close();
                return;
            }
            connection.handshake().header("X-Path", request.path());
            connection.send("before");
        });
        chat.onMessage((connection, message) -> connection.send("heard " + message));
        Worker.runAll();
    }
}
