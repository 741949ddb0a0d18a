package dev.shunt.benchmarks.vertx;

import dev.shunt.benchmarks.program.Listening;
import io.vertx.core.http.HttpServer;

/** A greeting for every request. */
public final class VertxHttp {

    private VertxHttp() {}

    public static void main(String... args) {
        int port = Listening.of(args).port();
        Program.serve(
                Program.vertx(1),
                vertx -> vertx.createHttpServer()
                        .requestHandler(request -> request.response()
                                .putHeader("Content-Type", "text/plain")
                                .end("Hello, World!"))
                        .listen(port, Listening.HOST)
                        .map(HttpServer::actualPort));
    }
}
