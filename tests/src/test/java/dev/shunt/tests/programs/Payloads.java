package dev.shunt.tests.programs;

import dev.shunt.data.Data;
import dev.shunt.net.Connection;
import dev.shunt.plan.Placement;
import dev.shunt.server.Server;
import dev.shunt.task.Result;
import dev.shunt.task.Task;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/** Sends payloads of any kind and size to a task and compares what comes back, byte by byte, with what should. */
public final class Payloads {

    /** An object that travels through the codec. */
    record Order(String item, int count, List<String> tags, double price) {

        Order doubled() {
            return new Order(item, 2 * count, tags, price);
        }
    }

    private Payloads() {}

    static void main(String[] args) {
        var options = Options.of(args);
        var server = new Server("127.0.0.1", 0);
        server.set(settings -> settings.protocol(TaskServer.TEXT)
                .placement(options.placement("placement", Placement.EVENT_LOOP))
                .taskPlacement(options.placement("task-placement", Placement.CHILDREN))
                .taskWorkerNum(2)
                .taskProcesses(options.number("task-processes", 0))
                .payloadMemory(options.number("payload-memory", 512 << 20))
                .inProcess(options.flag("in-process")));
        server.onStart(() -> IO.println("listening on " + server.endpoint().hostAndPort()));
        server.onReceive((connection, line) -> obey(server, connection, Command.of(line.text())));
        server.onTask(Payloads::changed);
        server.start();
    }

    private static void obey(Server server, Connection from, Command command) {
        switch (command.verb()) {
            case "bytes" -> {
                byte[] bytes = random(Integer.parseInt(command.rest()));
                server.task(bytes, result -> from.send(compared(result, Data.of(flipped(bytes)))));
            }
            case "text" -> {
                String text = "grün €𝄞 ".repeat(Integer.parseInt(command.rest()));
                server.task(text, result -> from.send(compared(result, Data.of(text.toUpperCase(Locale.ROOT)))));
            }
            case "record" -> {
                var order = new Order("Ölfass", 21, List.of("a", "b"), 0.1);
                server.task(order, result -> from.send(doubled(result, order)));
            }
            case "stats" -> from.send(server.stats().payloads().toString());
            default -> throw command.unknown();
        }
    }

    /** In the task worker: every bit flipped, upper case, or doubled. */
    private static Object changed(Task task) {
        return switch (task.data().kind()) {
            case BYTES -> flipped(task.data().bytes());
            case TEXT -> task.data().text().toUpperCase(Locale.ROOT);
            case OBJECT -> task.data().as(Order.class).doubled();
        };
    }

    private static String compared(Result result, Data expected) {
        if (!(result instanceof Result.Done done)) {
            return Results.text(result);
        }
        int differs = Arrays.mismatch(done.data().bytes(), expected.bytes());
        return done.data().kind() != expected.kind()
                ? "not " + expected.kind() + " but " + done.data().kind()
                : differs >= 0 ? "differs at byte " + differs : "same " + expected.bytes().length;
    }

    private static String doubled(Result result, Order order) {
        return result instanceof Result.Done done
                ? "doubled " + done.data().as(Order.class).equals(order.doubled())
                : Results.text(result);
    }

    private static byte[] random(int size) {
        byte[] bytes = new byte[size];
        new Random(size).nextBytes(bytes);
        return bytes;
    }

    private static byte[] flipped(byte[] bytes) {
        byte[] other = bytes.clone();
        for (int i = 0; i < other.length; i++) {
            other[i] = (byte) ~other[i];
        }
        return other;
    }
}
