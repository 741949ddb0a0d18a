package dev.shunt.benchmarks.shunt;

import dev.shunt.benchmarks.program.Listening;
import dev.shunt.http.Request;
import dev.shunt.http.Response;
import dev.shunt.server.Server;

/** A greeting for every request, and for an upload how long it was; on the event loop. */
public final class HttpServer {

    private HttpServer() {}

    public static void main(String... args) {
        var server = new Server(Listening.HOST, Listening.of(args).port());
        server.onRequest(HttpServer::answer);
        server.onStart(() -> Listening.say(server.endpoint().port()));
        server.start();
    }

    static void answer(Request request, Response response) {
        if (request.method().equals("POST")) {
            response.end("got " + request.body().size() + " bytes");
        } else {
            response.header("Content-Type", "text/plain").end("Hello, World!");
        }
    }
}
