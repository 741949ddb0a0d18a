package dev.shunt.benchmarks.vertx;

import dev.shunt.benchmarks.program.Firing;
import dev.shunt.benchmarks.program.Job;
import dev.shunt.benchmarks.program.Listening;
import io.vertx.core.net.NetServer;
import io.vertx.core.parsetools.RecordParser;

/** Fires work from the event loop that received the command. Arguments: {@code PORT SLOTS BLOCKING|BUS}. */
public final class VertxFire {

    private VertxFire() {}

    public static void main(String... args) {
        var listening = Listening.of(args);
        var vertx = Program.vertx(listening.slots());
        var work = Work.valueOf(args[2]).runner(vertx, listening.slots(), Job::pidBytes);
        Firing.Submission submission =
                (payload, ended) -> work.run(payload).onComplete(result -> ended.ended(result.succeeded()));
        Program.serve(
                vertx,
                _ -> vertx.createNetServer()
                        .connectHandler(socket -> socket.handler(
                                RecordParser.newDelimited("\n", line -> Firing.command(line.toString(), submission))))
                        .listen(listening.port(), Listening.HOST)
                        .map(NetServer::actualPort));
    }
}
