package dev.shunt.tests.programs;

import dev.shunt.plan.Placement;
import dev.shunt.server.Server;
import dev.shunt.worker.Worker;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;

/** The same program in both faces, which says what happens to its processes. */
public final class Lives {

    private static final long GROWTH_BYTES = 512L << 20;

    /** For that, whatever heap the machine gives a child. */
    private static final String ROOM = "-XX:MaxDirectMemorySize=1g";

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
                .workerMaxMemory(maxMemory(options))
                .workerJvmOptions(ROOM));
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
        var kept = new CopyOnWriteArrayList<MemorySegment>();
        server.onReceive((connection, data) -> {
            if (data.text().equals("reload")) {
                server.reload();
            } else if (data.text().equals("grow")) {
                grow(kept);
            }
            connection.send("pid " + ProcessHandle.current().pid());
        });
        server.start();
    }

    private static void runWorker(Options options) {
        var worker = new Worker("text://127.0.0.1:" + options.number("port", 0));
        worker.count(4).processes(2).sockets(options.sockets()).maxRequest(options.number("max-request", 0), 0);
        worker.maxMemory(maxMemory(options)).jvmOptions(ROOM);
        worker.onProcessStart(() -> say("process starts"));
        worker.onWorkerStart(_ -> say("worker starts"));
        worker.onBeforeShutdown(() -> say("before shutdown"));
        worker.onBeforeReload(() -> say("before reload"));
        worker.onAfterReload(() -> say("after reload"));
        var kept = new CopyOnWriteArrayList<MemorySegment>();
        worker.onMessage((connection, data) -> {
            if (data.text().equals("reload")) {
                Worker.reloadAll();
            } else if (data.text().equals("grow")) {
                grow(kept);
            }
            connection.send("pid " + ProcessHandle.current().pid());
        });
        Worker.runAll();
    }

    private static long maxMemory(Options options) {
        long megabytes = options.number("max-megabytes", 0);
        return megabytes == 0 ? Long.MAX_VALUE : megabytes << 20;
    }

    /** Outside of the heap, of which a child has as much as it is given. */
    private static void grow(List<MemorySegment> kept) {
        kept.add(Arena.ofAuto().allocate(GROWTH_BYTES));
    }

    private static void say(String what) {
        IO.println(what + " in " + ProcessHandle.current().pid());
    }
}
