package dev.shunt.tests.programs;

import dev.shunt.plan.Placement;
import dev.shunt.server.Server;
import dev.shunt.worker.Worker;
import java.util.concurrent.CountDownLatch;

/** The same program in both faces, which says what happens to its processes. */
public final class Lives {

    private Lives() {}

    static void main(String[] args) {
        var options = Options.of(args);
        if (options.text("face", "worker").equals("server")) {
            runServer(options);
        } else {
            runWorker(options);
        }
    }

    private static void runServer(Options options) {
        var server = new Server("127.0.0.1", options.number("port", 0));
        server.set(settings -> settings.protocol(TaskServer.TEXT)
                .placement(Placement.CHILDREN)
                .workerNum(4)
                .workerProcesses(2)
                .maxRequest(options.number("max-request", 0), 0)
                .workerMaxMemory(Long.MAX_VALUE));
        server.onProcessStart(() -> say("process starts"));
        server.onWorkerStart(id -> say("worker starts"));
        server.addProcess("own", () -> {
            say("own process runs");
            try {
                new CountDownLatch(1).await();
            } finally {
                say("own process is interrupted");
            }
        });
        server.onBeforeShutdown(() -> say("before shutdown"));
        server.onBeforeReload(() -> say("before reload"));
        server.onAfterReload(() -> say("after reload"));
        server.onShutdown(() -> say("shutdown"));
        server.onStart(() -> IO.println("listening on " + server.endpoint().hostAndPort()));
        server.onReceive((connection, data) -> {
            if (data.text().equals("reload")) {
                server.reload();
            }
            connection.send("pid " + ProcessHandle.current().pid());
        });
        server.start();
    }

    private static void runWorker(Options options) {
        var worker = new Worker("text://127.0.0.1:" + options.number("port", 0));
        worker.count(4).processes(2).sockets(options.sockets()).maxRequest(options.number("max-request", 0), 0);
        worker.onProcessStart(() -> say("process starts"));
        worker.onWorkerStart(_ -> say("worker starts"));
        worker.onBeforeShutdown(() -> say("before shutdown"));
        worker.onBeforeReload(() -> say("before reload"));
        worker.onAfterReload(() -> say("after reload"));
        worker.onMessage((connection, data) -> {
            if (data.text().equals("reload")) {
                Worker.reloadAll();
            }
            connection.send("pid " + ProcessHandle.current().pid());
        });
        Worker.runAll();
    }

    private static void say(String what) {
        IO.println(what + " in " + ProcessHandle.current().pid());
    }
}
