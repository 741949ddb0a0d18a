package dev.shunt.benchmarks.vertx;

import dev.shunt.benchmarks.program.Listening;
import io.vertx.core.http.HttpServer;

/** WebSocket messages back, on the event loop. */
public final class VertxWebSocket {

    private VertxWebSocket() {}

    public static void main(String... args) {
        int port = Listening.of(args).port();
        Program.serve(
                Program.vertx(1),
                vertx -> vertx.createHttpServer()
                        .webSocketHandler(socket -> socket.textMessageHandler(socket::writeTextMessage))
                        .listen(port, Listening.HOST)
                        .map(HttpServer::actualPort));
    }
}
