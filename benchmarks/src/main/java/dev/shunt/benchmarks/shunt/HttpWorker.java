package dev.shunt.benchmarks.shunt;

import dev.shunt.benchmarks.program.Listening;
import dev.shunt.worker.Worker;

/** As {@link HttpServer}, in child processes, where a handler may block. */
public final class HttpWorker {

    private HttpWorker() {}

    public static void main(String... args) {
        var worker = new Worker("http://" + Listening.HOST + ":" + args[0]);
        worker.count(4);
        worker.onRequest(HttpServer::answer);
        Worker.runAll();
    }
}
