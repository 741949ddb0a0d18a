package dev.shunt.tests.programs;

import dev.shunt.data.Data;
import dev.shunt.plan.Placement;
import dev.shunt.plan.Sockets;
import dev.shunt.worker.TcpConnection;
import dev.shunt.worker.Timer;
import dev.shunt.worker.Worker;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/** Says by whom and where it is run, over lines, WebSockets and HTTP; its children have the sockets. */
public final class Whereabouts {

    /** What runs now, of a worker that runs one thing at a time. */
    private static final AtomicInteger running = new AtomicInteger();

    private static final AtomicInteger overlaps = new AtomicInteger();

    private Whereabouts() {}

    static void main(String[] args) {
        var options = Options.of(args);
        Worker.maxWaitTime(Duration.ofMillis(options.number("drain", 3_000)));
        worker("text://127.0.0.1:0", options);
        if (options.flag("small")) {
            var manager = new Worker("text://127.0.0.1:0").name("manager").placement(Placement.EVENT_LOOP);
            manager.onMessage((connection, data) -> sendLarge(manager, connection, data));
        }
        if (options.flag("web")) {
            worker("websocket://127.0.0.1:0", options);
            worker("http://127.0.0.1:0", options);
        }
        Worker.runAll();
    }

    private static void worker(String address, Options options) {
        var worker = new Worker(address)
                .sockets(Sockets.IN_CHILD)
                .count(options.number("count", 1))
                .processes(options.number("processes", 1));
        if (options.flag("small")) {
            worker.jvmOptions("-Xmx64m");
        }
        worker.onMessage((connection, data) -> {
            String text = address.startsWith("http") ? "pid" : data.text();
            connection.send(alone(() -> answer(worker, connection, text)));
        });
        worker.onClose(connection -> IO.println("closed " + connection.id()));
    }

    /** {@code ID BYTES}, from the manager. */
    private static void sendLarge(Worker worker, TcpConnection connection, Data data) {
        var words = data.text().split(" ", -1);
        connection.send(
                Boolean.toString(worker.send(Long.parseLong(words[0]), Data.of(new byte[Integer.parseInt(words[1])]))));
    }

    private interface Answer {
        String get();
    }

    /** Says so if two of them run at once. */
    private static String alone(Answer answer) {
        if (running.incrementAndGet() > 1) {
            overlaps.incrementAndGet();
        }
        try {
            return answer.get();
        } finally {
            running.decrementAndGet();
        }
    }

    private static String answer(Worker worker, TcpConnection connection, String text) {
        var command = Command.of(text);
        return switch (command.verb()) {
            case "pid" -> Long.toString(ProcessHandle.current().pid());
            case "id" -> Long.toString(connection.id());
            case "thread" -> Thread.currentThread().getName();
            case "worker" -> Integer.toString(worker.id());
            case "open" -> Long.toString(Worker.stats().connections().open());
            case "send" -> Boolean.toString(worker.send(Long.parseLong(command.rest()), "for you"));
            case "reload" -> {
                Worker.reloadAll();
                yield "reloading";
            }
            case "busy" -> {
                LockSupport.parkNanos(Long.parseLong(command.rest()) * 1_000_000);
                yield "done";
            }
            case "timers" -> {
                int timers = Integer.parseInt(command.rest());
                for (int i = 0; i < timers; i++) {
                    Timer.add(0.001, () -> alone(() -> ""), false);
                }
                yield "set";
            }
            case "overlaps" -> Integer.toString(overlaps.get());
            default -> throw command.unknown();
        };
    }
}
