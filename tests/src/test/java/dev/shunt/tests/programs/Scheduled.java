package dev.shunt.tests.programs;

import dev.shunt.server.Server;
import dev.shunt.testing.Gate;
import dev.shunt.worker.Worker;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/** Tasks by the clock, in both faces: each is a number, one higher every time, and is printed where it runs. */
public final class Scheduled {

    private static final Duration INTERVAL = Duration.ofMillis(100);

    private final Options options;
    private final AtomicLong asked = new AtomicLong();

    private Scheduled(Options options) {
        this.options = options;
    }

    static void main(String[] args) {
        var program = new Scheduled(Options.of(args));
        if (program.options.text("face", "server").equals("worker")) {
            program.runWorker();
        } else {
            program.runServer();
        }
        IO.println("start returned");
    }

    private void runServer() {
        var server = new Server("127.0.0.1", 0);
        server.set(settings -> settings.taskWorkerNum(2).taskProcesses(2));
        server.onReceive((_, _) -> {});
        server.schedule("beat", INTERVAL, this::next);
        server.onTask(task -> {
            return run(task.data().text());
        });
        server.onFinish(done -> IO.println("heard " + done.data() + " in " + pid()));
        server.onTaskFailed(result -> IO.println("left out: " + result));
        server.onStart(() -> IO.println("listening on " + server.endpoint().hostAndPort()));
        server.start();
    }

    private void runWorker() {
        new Worker()
                .name("tasks")
                .count(2)
                .processes(2)
                .schedule("beat", INTERVAL, this::next)
                .onTask(task -> {
                    return run(task.data().text());
                })
                .onFinish(done -> IO.println("heard " + done.data() + " in " + pid()))
                .onTaskFailed(result -> IO.println("left out: " + result));
        Worker.runAll();
    }

    private String next() {
        String number = String.valueOf(asked.incrementAndGet());
        IO.println("asked " + number + " in " + pid());
        return number;
    }

    private String run(String number) throws IOException {
        IO.println("ran " + number + " in " + pid());
        int gate = options.number("gate", 0);
        if (gate != 0) {
            Gate.pass(gate, number);
        }
        return number;
    }

    private static long pid() {
        return ProcessHandle.current().pid();
    }
}
