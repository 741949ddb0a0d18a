package dev.shunt.benchmarks.vertx;

import dev.shunt.benchmarks.program.Listening;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;

/** A greeting for every request, and for an upload how long it was. */
public final class VertxHttp {

    private VertxHttp() {}

    public static void main(String... args) {
        int port = Listening.of(args).port();
        Program.serve(
                Program.vertx(1),
                vertx -> vertx.createHttpServer()
                        .requestHandler(request -> {
                            var response = request.response().putHeader("Content-Type", "text/plain");
                            if (request.method().equals(HttpMethod.POST)) {
                                request.body().onSuccess(body -> response.end("got " + body.length() + " bytes"));
                            } else {
                                response.end("Hello, World!");
                            }
                        })
                        .listen(port, Listening.HOST)
                        .map(HttpServer::actualPort));
    }
}
