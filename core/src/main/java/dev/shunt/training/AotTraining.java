package dev.shunt.training;

import dev.shunt.launch.Launch;
import dev.shunt.pool.TaskPool;
import dev.shunt.server.Server;
import dev.shunt.task.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * What children of any program do from their start to their first tasks, for the JVM to record: a program of our own on the
 * class path of another, whose child is recorded. Of that other program nothing runs: of the classes that its children have
 * loaded, all are loaded and none is initialized, and its logger is not looked for.
 */
public final class AotTraining {

    /** In the directory that it is given: names of classes, one a line. */
    public static final String CLASSES = "classes";

    private static final int TASKS = 20;

    /** The JVM writes when it ends, with low priority on a machine that may be busy. */
    private static final Duration RECORDING = Duration.ofMinutes(5);

    private AotTraining() {}

    /** @param args a directory of its own, the process with which it is to end, and JVM options of the child */
    public static void main(String[] args) throws IOException {
        var directory = Path.of(args[0]);
        if (Launch.isChild()) {
            load(Files.readAllLines(directory.resolve(CLASSES)));
            declareMore();
        } else {
            endWith(Long.parseLong(args[1]));
        }
        var options = List.of(args).subList(2, args.length).toArray(String[]::new);
        try (var pool = TaskPool.builder()
                .slots(1)
                .jvmOptions(options)
                .stopTimeout(RECORDING)
                .control(all -> all.withRunDirectory(directory.resolve("run")).withSocket(false))
                .onTask(task -> {
                    return task.data().text() + "!";
                })
                .start()) {
            for (int i = 0; i < TASKS; i++) {
                if (!(pool.submit("round " + i).result().toCompletableFuture().join() instanceof Result.Done)) {
                    throw new IllegalStateException("a task of the training run failed");
                }
            }
        }
    }

    /** Nobody waits for it then. */
    private static void endWith(long pid) {
        var parent = ProcessHandle.of(pid);
        if (parent.isEmpty()) {
            Runtime.getRuntime().halt(1);
        } else {
            var _ = parent.get().onExit().thenRun(() -> Runtime.getRuntime().halt(1));
        }
    }

    /** What a program with the other face does before it starts. */
    private static void declareMore() {
        var server = new Server("127.0.0.1", 0);
        server.set(settings -> settings.taskWorkerNum(1));
        server.onReceive((connection, data) -> connection.send(data));
        server.onTask(task -> {
            return task.data();
        });
    }

    private static void load(List<String> names) {
        for (var name : names) {
            try {
                var _ = Class.forName(name, false, ClassLoader.getSystemClassLoader());
            } catch (ClassNotFoundException | LinkageError e) {
                // of another loader, or made while the program ran
            }
        }
    }
}
