package dev.shunt.tests.programs;

import dev.shunt.server.Server;
import dev.shunt.worker.Worker;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/**
 * Several programs in one JVM, of the same shape: each answers a line with its name, by a task. {@code stop} ends the one
 * that is told so.
 */
public final class Several {

    private Several() {}

    /** @param args how they are made and started; for {@code second-try} a port that is taken */
    static void main(String[] args) throws InterruptedException {
        switch (args[0]) {
            case "threads" -> {
                for (String name : List.of("one", "two", "three")) {
                    Thread.ofPlatform()
                            .name("of " + name)
                            .start(() -> server(name, 0).start());
                }
            }
            case "third" -> third();
            case "after-each-other" -> {
                server("one", 0).start();
                IO.println("one has ended");
                server("two", 0).start();
                IO.println("two has ended");
            }
            case "second-try" -> secondTry(Integer.parseInt(args[1]));
            case "server-and-workers" -> {
                var server = server("server", 0);
                Thread.ofPlatform().start(server::start);
                worker();
                Worker.runAll();
            }
            case "renamed-thread" -> {
                Thread.currentThread()
                        .setName("main of " + ProcessHandle.current().pid());
                server("one", 0).start();
            }
            case "in-a-callback" -> inACallback();
            case "waiting" -> waiting();
            default -> throw new IllegalArgumentException(args[0]);
        }
    }

    /** The first is told to stop, and is stopped once more by main, while the second runs. */
    private static void third() throws InterruptedException {
        var one = server("one", 0);
        var two = server("two", 0);
        var first = Thread.ofPlatform().start(one::start);
        Thread.ofVirtual().start(two::start);
        first.join();
        one.shutdown();
        IO.println("one has ended");
        server("three", 0).start();
    }

    private static void secondTry(int taken) {
        try {
            server("one", taken).start();
        } catch (IllegalStateException e) {
            IO.println("one cannot start");
            server("two", 0).start();
        }
    }

    private static void inACallback() {
        var one = server("one", 0);
        one.onManagerStart(() -> {
            try {
                server("two", 0).start();
            } catch (IllegalStateException e) {
                IO.println("refused: " + e.getMessage());
            }
        });
        one.start();
    }

    /** The second's children wait for the first, whose callbacks do not run in them. */
    private static void waiting() throws InterruptedException {
        var started = new CountDownLatch(1);
        var one = server("one", 0);
        one.onManagerStart(started::countDown);
        Thread.ofPlatform().start(one::start);
        started.await();
        server("two", 0).start();
    }

    private static Server server(String name, int port) {
        var server = new Server("127.0.0.1", port);
        server.set(settings -> settings.protocol(TaskServer.TEXT).taskWorkerNum(1));
        server.onStart(
                () -> IO.println(name + " listens on " + server.endpoint().port()));
        server.onReceive((connection, line) -> {
            if (line.text().equals("stop")) {
                server.shutdown();
            } else {
                server.task(line, result -> connection.send(Results.text(result)));
            }
        });
        server.onTask(task -> name + " says " + task.data().text() + " in "
                + ProcessHandle.current().pid());
        return server;
    }

    private static void worker() {
        var worker = new Worker("text://127.0.0.1:0").name("worker");
        worker.onMessage((connection, line) -> connection.send(
                "worker says " + line + " in " + ProcessHandle.current().pid()));
    }
}
