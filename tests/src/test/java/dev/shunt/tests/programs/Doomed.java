package dev.shunt.tests.programs;

import dev.shunt.plan.Placement;
import dev.shunt.server.Server;
import dev.shunt.sqlite.SqliteTaskLog;
import dev.shunt.task.Durability;
import dev.shunt.task.Task;
import dev.shunt.task.TaskOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;

/** A server that has a durable task that kills all of it, and others behind that. A file says what began to run. */
public final class Doomed {

    private Doomed() {}

    static void main(String[] args) {
        var options = Options.of(args);
        var directory = Path.of(options.text("directory", ""));
        var placement = options.placement("task-placement", Placement.CHILDREN);
        var server = new Server("127.0.0.1", 0);
        server.set(settings -> settings.taskWorkerNum(1)
                .taskPlacement(placement)
                .taskLog(SqliteTaskLog.at(directory.resolve("tasks.db"))));
        server.onReceive((connection, line) -> {});
        server.onTask(task -> {
            return run(task, directory.resolve("runs"), placement == Placement.CHILDREN);
        });
        server.onFinish(result -> IO.println("done " + result));
        server.onTaskFailed(result -> IO.println("failed " + result));
        server.onStart(() -> {
            IO.println("started");
            if (options.flag("submit")) {
                var kept = TaskOptions.DEFAULT.durability(Durability.DISK);
                server.task("kill", kept.delay(Duration.ofMillis(300)));
                var behind = kept.delay(Duration.ofSeconds(2)); // no busy machine lets these come first
                for (int i = 1; i <= options.number("behind", 0); i++) {
                    server.task("behind " + i, behind);
                }
            }
        });
        server.start();
    }

    private static Object run(Task task, Path runs, boolean isChild) throws IOException {
        var line = task.data().text() + " attempt " + task.attempt() + "\n";
        Files.writeString(runs, line, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        if (task.data().text().equals("kill")) {
            killAll(isChild);
        }
        return task.data().text();
    }

    private static void killAll(boolean isChild) {
        if (isChild) {
            ProcessHandle.current().parent().ifPresent(ProcessHandle::destroyForcibly);
        }
        Runtime.getRuntime().halt(137);
    }
}
