package dev.shunt.tests.programs;

import dev.shunt.Shunt;
import dev.shunt.protocol.TextProtocol;
import dev.shunt.server.Server;
import dev.shunt.sqlite.SqliteTaskLog;
import dev.shunt.task.Durability;
import dev.shunt.task.TaskLog;
import dev.shunt.task.TaskOptions;
import dev.shunt.testing.Gate;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A program that fares badly when a test likes it to. Its child stands at a gate before it is ready, each task at another one
 * before it ends, and its log has no room while there is a file {@code full}. A line {@code keep} is a durable task, any other a
 * task in memory.
 */
public final class Ailing {

    private Ailing() {}

    /** @param args a directory, the port of the children's gate, that of the tasks' gate; a console's port and password file */
    static void main(String[] args) {
        var directory = Path.of(args[0]);
        int starts = Integer.parseInt(args[1]);
        int tasks = Integer.parseInt(args[2]);
        var server = new Server("127.0.0.1", 0);
        server.set(settings -> settings.taskWorkerNum(1)
                .maxQueuedTasks(2)
                .maxWaitTime(Duration.ofMinutes(1))
                .protocol(new TextProtocol())
                .runDirectory(directory)
                .taskLog(withRoom(SqliteTaskLog.at(directory.resolve("tasks.db")), directory.resolve("full"))));
        if (args.length > 3) {
            server.set(settings -> settings.console(
                    "127.0.0.1", Integer.parseInt(args[3]), console -> console.credentials("ops", Path.of(args[4]))));
        }
        server.onWorkerStart(_ -> {
            if (Shunt.isChild()) {
                Gate.pass(starts, "child");
            }
        });
        server.onReceive((client, line) -> {
            var durability = line.text().equals("keep") ? Durability.DISK : Durability.MEMORY;
            server.submit(line.text(), TaskOptions.DEFAULT.durability(durability))
                    .result()
                    .thenAccept(result -> IO.println("ended " + result));
            client.send("submitted");
        });
        server.onTask(task -> Gate.pass(tasks, task.data().text()));
        server.onStart(() -> IO.println("listening on " + server.endpoint().hostAndPort()));
        server.start();
    }

    private static TaskLog.Opener withRoom(TaskLog.Opener opener, Path full) {
        return () -> withRoom(opener.open(), full);
    }

    private static TaskLog withRoom(TaskLog log, Path full) {
        return (TaskLog) Proxy.newProxyInstance(
                Ailing.class.getClassLoader(), new Class<?>[] {TaskLog.class}, (_, method, args) -> {
                    if (method.getName().equals("append") && Files.exists(full)) {
                        refuse(args[2]);
                        return null;
                    }
                    try {
                        return method.invoke(log, args);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    @SuppressWarnings("unchecked")
    private static void refuse(Object done) {
        ((Consumer<@Nullable IOException>) done).accept(new IOException("there is no room"));
    }
}
