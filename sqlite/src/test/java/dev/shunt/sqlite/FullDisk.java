package dev.shunt.sqlite;

import dev.shunt.data.Data;
import dev.shunt.task.Durability;
import dev.shunt.task.StoredTask;
import dev.shunt.task.TaskLog;
import dev.shunt.task.TaskLog.Entry;
import dev.shunt.task.TaskOptions;
import dev.shunt.testkit.TaskLogContract;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * A process that limits the size of its own files, writes tasks until the log refuses one, writes with a higher limit
 * on, and says what became of each. Then it waits to be killed.
 */
final class FullDisk {

    private static final int PAYLOAD = 20_000;

    private FullDisk() {}

    /** FILE. */
    static void main(String[] arguments) throws IOException, InterruptedException {
        var log = SqliteTaskLog.at(Path.of(arguments[0])).open();
        limit("600000");
        int id = 0;
        while (kept(log, ++id)) {}
        for (int further = 0; further < 3; further++) {
            kept(log, ++id);
        }
        System.out.println("reads " + TaskLogContract.kept(log, 1_000).size());
        limit("unlimited");
        for (int further = 0; further < 50; further++) {
            kept(log, ++id);
        }
        System.out.println("end");
        Thread.currentThread().join();
    }

    private static boolean kept(TaskLog log, int id) {
        var result = new CompletableFuture<@Nullable IOException>();
        var task = new StoredTask(id, "Mail", Data.of(new byte[PAYLOAD]), TaskOptions.DEFAULT, 0, 0, 0, 0);
        log.append(new Entry.Accepted(task), Durability.SYNC, result::complete);
        var failure = result.join();
        System.out.println(failure == null ? "kept " + id : "refused " + id + " " + failure.getMessage());
        return failure == null;
    }

    private static void limit(String bytes) throws IOException, InterruptedException {
        var pid = Long.toString(ProcessHandle.current().pid());
        int code = new ProcessBuilder("prlimit", "--pid", pid, "--fsize=" + bytes + ":")
                .inheritIO()
                .start()
                .waitFor();
        if (code != 0) {
            throw new IOException("prlimit failed with " + code);
        }
    }
}
