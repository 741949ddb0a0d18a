package dev.shunt.benchmarks.shunt;

import dev.shunt.benchmarks.program.Listening;
import dev.shunt.http.WebSocketProtocol;
import dev.shunt.server.Server;

/** WebSocket messages back, on the event loop. */
public final class WebSocketServer {

    private WebSocketServer() {}

    public static void main(String... args) {
        var server = new Server(Listening.HOST, Listening.of(args).port());
        server.set(settings -> settings.protocol(WebSocketProtocol.DEFAULT));
        server.onReceive((connection, message) -> connection.send(message));
        server.onStart(() -> Listening.say(server.endpoint().port()));
        server.start();
    }
}
