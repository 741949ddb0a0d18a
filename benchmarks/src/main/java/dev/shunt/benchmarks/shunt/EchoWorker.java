package dev.shunt.benchmarks.shunt;

import dev.shunt.benchmarks.program.Listening;
import dev.shunt.plan.Sockets;
import dev.shunt.worker.TcpConnection;
import dev.shunt.worker.Worker;

/**
 * Messages back, in a child process, where a handler may block. The second argument is {@code text} or {@code websocket}, a
 * third one says where sockets are; without it, it is a worker as it comes.
 */
public final class EchoWorker {

    private EchoWorker() {}

    public static void main(String... args) {
        var worker = new Worker(args[1] + "://" + Listening.HOST + ":" + args[0]);
        if (args.length > 2) {
            worker.count(4).sockets(Sockets.valueOf(args[2]));
        }
        worker.onMessage(TcpConnection::send);
        Worker.runAll();
    }
}
