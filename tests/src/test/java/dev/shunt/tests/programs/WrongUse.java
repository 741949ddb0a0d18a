package dev.shunt.tests.programs;

import dev.shunt.plan.Placement;
import dev.shunt.server.Server;
import dev.shunt.worker.Worker;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Programs that cannot run, each for a reason of its own. */
public final class WrongUse {

    private WrongUse() {}

    /**
     * @param args what is wrong, the port to listen on, and a file that is created by the first process and so tells it
     *     from its children
     */
    static void main(String[] args) throws IOException {
        int port = Integer.parseInt(args[1]);
        boolean first = Files.notExists(Path.of(args[2]));
        if (first) {
            Files.createFile(Path.of(args[2]));
        }
        switch (args[0]) {
            case "unknown-scheme" -> new Worker("gopher://127.0.0.1:" + port);
            case "https" -> new Worker("https://127.0.0.1:" + port);
            case "negative" -> new Worker("text://127.0.0.1:" + port).count(-1);
            case "no-address" -> new Worker("127.0.0.1:" + port);
            case "no-worker" -> {}
            case "port" -> new Worker("text://127.0.0.1:" + port);
            case "same-name-twice" -> {
                new Worker("text://127.0.0.1:0").name("mail");
                new Worker("text://127.0.0.1:0").name("mail");
            }
            case "more-processes-than-slots" ->
                new Worker("text://127.0.0.1:0").count(2).processes(3);
            case "jvm-option" -> new Worker("text://127.0.0.1:0").jvmOptions("-XX:+NoSuchOption");
            case "worker-start" -> withoutDatabase(Placement.CHILDREN);
            case "worker-start-in-process" -> withoutDatabase(Placement.IN_PROCESS);
            case "worker-start-on-loop" -> withoutDatabase(Placement.EVENT_LOOP);
            case "other-shape" -> new Worker("text://127.0.0.1:0").count(first ? 2 : 3);
            case "child-main-throws" -> failUnless(first);
            case "child-main-returns" -> new Worker("text://127.0.0.1:0");
            case "two-for-tasks" -> {
                new Worker().name("mails").onTask((_, _) -> {});
                new Worker().name("reports").onTask((_, _) -> {});
            }
            case "tasks-and-address" -> new Worker("text://127.0.0.1:0").onTask((_, _) -> {});
            case "schedule" -> new Worker().onTask((_, _) -> {}).schedule("nightly", "99 3 * * *", () -> "report");
            case "on-task" -> taskServerWithoutOnTask();
            case "on-receive" -> new Server("127.0.0.1", 0).start();
            default -> throw new IllegalArgumentException(args[0]);
        }
        if (args[0].equals("child-main-returns") && !first) {
            return;
        }
        Worker.runAll();
    }

    private static void withoutDatabase(Placement placement) {
        new Worker("text://127.0.0.1:0").placement(placement).onWorkerStart(_ -> {
            throw new IllegalStateException("no database");
        });
    }

    private static void failUnless(boolean first) {
        new Worker("text://127.0.0.1:0");
        if (!first) {
            throw new IllegalStateException("no configuration");
        }
    }

    private static void taskServerWithoutOnTask() {
        var server = new Server("127.0.0.1", 0);
        server.set(settings -> settings.taskWorkerNum(1));
        server.onReceive((_, _) -> {});
        server.start();
    }
}
