package dev.shunt.tests.programs;

import dev.shunt.http.HttpProtocol;
import dev.shunt.http.Request;
import dev.shunt.http.WebSocketProtocol;
import dev.shunt.plan.Placement;
import dev.shunt.server.Server;
import java.time.Duration;

/**
 * Answers each request with what it was, {@code METHOD TARGET LENGTH}, and each message of a WebSocket with the same; for
 * tests of what is on the wire.
 */
public final class Wire {

    private Wire() {}

    static void main(String[] args) {
        var options = Options.of(args);
        var server = new Server("127.0.0.1", 0);
        var protocol =
                HttpProtocol.DEFAULT.withWebSocket(WebSocketProtocol.DEFAULT).withKeepAlive(Duration.ofMinutes(5));
        if (options.flag("proxied")) {
            server.set(settings -> settings.proxyProtocol("127.0.0.1"));
        }
        server.set(settings -> settings.protocol(protocol)
                .placement(options.placement("placement", Placement.EVENT_LOOP))
                .packageMaxLength(options.number("longest", 1 << 20)));
        server.onRequest((request, response) -> {
            if (request.path().equals("/stats")) {
                response.json(server.stats().connections());
                return;
            }
            if (request.path().equals("/ip")) {
                response.end(request.remoteIp());
                return;
            }
            int length = request.body().bytes().length;
            response.end(request.method() + " " + target(request) + (length == 0 ? "" : " " + length));
        });
        server.onMessage((connection, message) -> connection.send(message));
        server.onStart(() -> IO.println("listening on " + server.endpoint().hostAndPort()));
        server.start();
    }

    /** Of one that names its host, the path. */
    private static String target(Request request) {
        String uri = request.uri();
        return uri.startsWith("/") || uri.equals("*")
                ? uri
                : request.path() + (request.queryString().isEmpty() ? "" : "?" + request.queryString());
    }
}
