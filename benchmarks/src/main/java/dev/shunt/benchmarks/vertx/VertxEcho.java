package dev.shunt.benchmarks.vertx;

import dev.shunt.benchmarks.program.Listening;
import io.vertx.core.net.NetServer;
import io.vertx.core.parsetools.RecordParser;

/** Lines back, on the event loop. */
public final class VertxEcho {

    private VertxEcho() {}

    public static void main(String... args) {
        int port = Listening.of(args).port();
        Program.serve(
                Program.vertx(1),
                vertx -> vertx.createNetServer()
                        .connectHandler(socket -> socket.handler(RecordParser.newDelimited(
                                "\n", line -> socket.write(line.copy().appendByte((byte) '\n')))))
                        .listen(port, Listening.HOST)
                        .map(NetServer::actualPort));
    }
}
