package dev.shunt.tests.programs;

import dev.shunt.plan.Placement;
import dev.shunt.protocol.RawProtocol;
import dev.shunt.server.Server;
import dev.shunt.task.Result;
import java.util.concurrent.CountDownLatch;

/** A server that handles no failure of its own: what becomes of them is in its log, or nowhere. */
public final class Unheard {

    private static final int LONG = 60_000_000;

    private Unheard() {}

    static void main(String[] args) {
        var placement = Placement.valueOf(args[0]);
        var server = new Server("127.0.0.1", 0);
        server.set(settings -> {
            settings.protocol(new RawProtocol()).placement(placement).taskWorkerNum(1);
            settings.taskJvmOptions("-Xmx320m");
        });
        server.onReceive((connection, data) -> {
            String text = data.text();
            String command = text.strip();
            if (command.startsWith("tasks ")) {
                for (int i = Integer.parseInt(command.substring(6)); i > 0; i--) {
                    server.task("wait");
                }
                connection.send("submitted\n");
            } else if (command.startsWith("long") || command.equals("pid")) {
                server.task(command, result -> connection.send(described(result) + "\n"));
            } else {
                throw new IllegalArgumentException("no command: " + text);
            }
        });
        server.onTask(task -> {
            return switch (task.data().text()) {
                case "long" -> throw new IllegalStateException("x".repeat(LONG));
                case "long cause" -> throw new IllegalStateException(new IllegalArgumentException("x".repeat(LONG)));
                case "pid" -> String.valueOf(ProcessHandle.current().pid());
                default -> waited();
            };
        });
        server.onStart(() -> IO.println("listening on " + server.endpoint()));
        server.start();
    }

    private static String described(Result result) {
        return switch (result) {
            case Result.Done done -> done.data().text();
            case Result.Failed failed ->
                "failed " + failed.failure().type() + " "
                        + failed.failure().toString().length() + " "
                        + failed.failure().stack().length();
            default -> result.toString();
        };
    }

    private static String waited() {
        try {
            new CountDownLatch(1).await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return "";
    }
}
