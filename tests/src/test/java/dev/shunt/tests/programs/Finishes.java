package dev.shunt.tests.programs;

import dev.shunt.plan.Placement;
import dev.shunt.server.Server;
import dev.shunt.task.Task;
import dev.shunt.testing.Gate;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/** A task that gives many results before it ends, and a worker that stands still at the first. */
public final class Finishes {

    private static final int RESULTS = 30_000;
    private static final String PADDING = " " + "x".repeat(1_000);
    private static final Duration LONG = Duration.ofMillis(500);

    private final Options options;
    private int heard;

    private Finishes(Options options) {
        this.options = options;
    }

    static void main(String[] args) {
        new Finishes(Options.of(args)).run();
    }

    private void run() {
        var server = new Server("127.0.0.1", 0);
        server.set(settings -> settings.placement(options.placement("placement", Placement.CHILDREN))
                .workerNum(1)
                .taskWorkerNum(1)
                .inProcess(options.flag("in-process")));
        server.onReceive((_, _) -> server.task("many"));
        server.onTask(Finishes::giveMany);
        server.onFinish(done -> hear(done.data().text()));
        server.onStart(() -> IO.println("listening on " + server.endpoint().hostAndPort()));
        server.start();
    }

    private void standStill() {
        try {
            Gate.pass(options.number("gate", 0), "heard the first");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Object giveMany(Task task) {
        var given = new AtomicInteger();
        Thread.ofPlatform().daemon().start(() -> sayWhereItWaits(given));
        for (int i = 0; i < RESULTS; i++) {
            given.set(i);
            task.finish(i + PADDING);
        }
        given.set(RESULTS);
        return task.finish("end");
    }

    private static void sayWhereItWaits(AtomicInteger given) {
        int before = -1;
        for (int now = given.get(); now < RESULTS; now = given.get()) {
            if (now == before) {
                IO.println("waits in result " + now);
                return;
            }
            before = now;
            LockSupport.parkNanos(LONG.toNanos());
        }
    }

    private void hear(String result) {
        if (result.equals("end")) {
            IO.println("heard " + heard);
        } else if (Integer.parseInt(result.substring(0, result.indexOf(' '))) != heard++) {
            throw new IllegalStateException(result.strip() + " is not the next");
        } else if (heard == 1) {
            standStill();
        }
    }
}
