package dev.shunt.tests.programs;

import dev.shunt.worker.AsyncTcpConnection;
import dev.shunt.worker.Worker;

/** A worker that listens nowhere: each slot opens a connection when it starts, and prints what it gets. */
public final class Dialer {

    private Dialer() {}

    static void main(String[] args) {
        new Worker().name("dialer").count(2).onWorkerStart(worker -> {
            var connection = new AsyncTcpConnection(args[0]);
            connection.onMessage((_, message) -> IO.println("slot " + worker.id() + " got " + message));
            connection.send("slot " + worker.id());
            connection.connect();
        });
        Worker.runAll();
    }
}
