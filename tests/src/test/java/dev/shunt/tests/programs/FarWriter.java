package dev.shunt.tests.programs;

import dev.shunt.plan.Sockets;
import dev.shunt.testing.Gate;
import dev.shunt.worker.Worker;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;

/** A child has the sockets of HTTP; a task in another child writes the answer, passes a gate first, and never ends it. */
public final class FarWriter {

    private FarWriter() {}

    static void main(String[] args) {
        var options = Options.of(args);
        var web = new Worker("http://127.0.0.1:0").name("web").sockets(Sockets.IN_CHILD);
        var tasks = new Worker().name("tasks");
        tasks.onTask(task -> {
            Gate.pass(
                    options.number("gate", 0),
                    Long.toString(ProcessHandle.current().pid()));
            var response = tasks.response(Long.parseLong(task.data().text()));
            var writer = Thread.ofPlatform().start(() -> response.write("the beginning"));
            while (writer.getState() != Thread.State.TIMED_WAITING) {
                if (!writer.isAlive()) {
                    throw new IllegalStateException("the writer has ended and does not wait for the socket's owner");
                }
                LockSupport.parkNanos(1_000_000);
            }
            Worker.stats(); // the manager answers this after what the writer has sent
            IO.println("begun");
            new CountDownLatch(1).await();
            return "";
        });
        web.onMessage((connection, _) -> {
            IO.println("asked in " + ProcessHandle.current().pid());
            tasks.task(Long.toString(connection.response().id()));
        });
        Worker.runAll();
    }
}
