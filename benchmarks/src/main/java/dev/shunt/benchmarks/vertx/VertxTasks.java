package dev.shunt.benchmarks.vertx;

import dev.shunt.benchmarks.program.Job;
import dev.shunt.benchmarks.program.Listening;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetServer;
import io.vertx.core.parsetools.RecordParser;

/** A line becomes work off the event loop, its result the reply. Arguments: {@code PORT SLOTS BLOCKING|BUS}. */
public final class VertxTasks {

    private VertxTasks() {}

    public static void main(String... args) {
        var listening = Listening.of(args);
        var vertx = Program.vertx(listening.slots());
        var work = Work.valueOf(args[2]).runner(vertx, listening.slots(), Job::answerBytes);
        Program.serve(
                vertx,
                _ -> vertx.createNetServer()
                        .connectHandler(socket -> socket.handler(RecordParser.newDelimited(
                                "\n",
                                line -> work.run(line.getBytes())
                                        .onSuccess(result -> socket.write(
                                                Buffer.buffer(result).appendByte((byte) '\n')))
                                        .onFailure(_ -> socket.write("failed\n")))))
                        .listen(listening.port(), Listening.HOST)
                        .map(NetServer::actualPort));
    }
}
