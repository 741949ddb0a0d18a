package dev.shunt.benchmarks.vertx;

import dev.shunt.benchmarks.program.Job;
import dev.shunt.benchmarks.program.Listening;
import dev.shunt.benchmarks.program.TaskServers;
import io.vertx.core.net.NetServer;
import io.vertx.core.parsetools.RecordParser;

/** A line, an answer, on the event loop. */
public final class VertxSeedTaskServer {

    private VertxSeedTaskServer() {}

    public static void main(String... args) {
        int port = Listening.of(args).port();
        Program.serve(
                Program.vertx(1),
                vertx -> vertx.createNetServer()
                        .connectHandler(socket -> socket.handler(RecordParser.newDelimited(
                                "\n", line -> socket.write(Job.answer(line.toString()) + "\n"))))
                        .listen(port, TaskServers.ANY)
                        .map(NetServer::actualPort));
    }
}
