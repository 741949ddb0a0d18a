package dev.shunt.tests.programs;

import dev.shunt.server.Server;
import dev.shunt.testing.Gate;
import java.util.ArrayList;
import java.util.List;

/** Whatever a client sends becomes a task, as in README's first program, whose handler stands still at the gate. */
final class Flooded {

    private Flooded() {}

    static void main(String[] args) {
        var options = Options.of(args);
        int gate = options.number("gate", 0);
        var server = new Server("127.0.0.1", 0);
        server.set(settings -> settings.taskWorkerNum(options.number("task-workers", 4)));
        server.onStart(() -> IO.println("listening on " + server.endpoint().hostAndPort()));
        server.onReceive((_, data) -> {
            if (data.bytes().length < 100 && data.text().equals("exhaust")) {
                exhaust();
            }
            server.task(data);
        });
        server.onTask(task -> {
            String text = task.data().text();
            return Gate.pass(gate, text.substring(0, Math.min(text.length(), 20)));
        });
        server.onFinish(result -> IO.println("done " + result.data()));
        server.onTaskFailed(result -> IO.println("not done: " + result));
        server.start();
        IO.println("start returned");
    }

    /** On the event loop. */
    private static void exhaust() {
        List<byte[]> all = new ArrayList<>();
        while (!all.contains(new byte[0])) { // never
            all.add(new byte[10 << 20]);
        }
    }
}
