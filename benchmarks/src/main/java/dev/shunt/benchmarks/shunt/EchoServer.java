package dev.shunt.benchmarks.shunt;

import dev.shunt.benchmarks.program.Listening;
import dev.shunt.protocol.TextProtocol;
import dev.shunt.server.Server;

/** Lines back, on the event loop. */
public final class EchoServer {

    private EchoServer() {}

    public static void main(String... args) {
        var server = new Server(Listening.HOST, Listening.of(args).port());
        server.set(settings -> settings.protocol(new TextProtocol()));
        server.onReceive((connection, line) -> connection.send(line));
        server.onStart(() -> Listening.say(server.endpoint().port()));
        server.start();
    }
}
