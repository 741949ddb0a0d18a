package dev.shunt.benchmarks.vertx;

import dev.shunt.benchmarks.program.Job;
import dev.shunt.benchmarks.program.Listening;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;

/** The body of a request becomes work off the event loop, its result the response. Arguments: {@code PORT SLOTS BLOCKING|BUS}. */
public final class VertxHttpTasks {

    private VertxHttpTasks() {}

    public static void main(String... args) {
        var listening = Listening.of(args);
        var vertx = Program.vertx(listening.slots());
        var work = Work.valueOf(args[2]).runner(vertx, listening.slots(), Job::answerBytes);
        Program.serve(
                vertx,
                _ -> vertx.createHttpServer()
                        .requestHandler(request -> request.body()
                                .compose(body -> work.run(body.getBytes()))
                                .onSuccess(result -> request.response()
                                        .putHeader("Content-Type", "text/plain")
                                        .end(Buffer.buffer(result)))
                                .onFailure(_ ->
                                        request.response().setStatusCode(500).end()))
                        .listen(listening.port(), Listening.HOST)
                        .map(HttpServer::actualPort));
    }
}
