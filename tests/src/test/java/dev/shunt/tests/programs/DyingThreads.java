package dev.shunt.tests.programs;

import dev.shunt.data.Data;
import dev.shunt.netty.MemoryBudget;
import dev.shunt.netty.Network;
import dev.shunt.sqlite.SqliteTaskLog;
import dev.shunt.task.Durability;
import dev.shunt.task.StoredTask;
import dev.shunt.task.TaskLog.Entry;
import dev.shunt.task.TaskOptions;
import dev.shunt.timer.Timers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;

/** Lives for ever, but that one thread of the engine comes to have no memory left. */
final class DyingThreads {

    private DyingThreads() {}

    static void main(String[] args) throws Exception {
        var options = Options.of(args);
        Runnable dies = () -> {
            throw new OutOfMemoryError("Java heap space");
        };
        IO.println("ready");
        switch (options.text("thread", "")) {
            case "loop" ->
                Network.open("doomed", 1, MemoryBudget.of(1 << 20)).loop(0).execute(dies);
            case "loop-due" -> {
                var _ = Network.open("doomed", 1, MemoryBudget.of(1 << 20))
                        .loop(0)
                        .schedule(dies, Duration.ofMillis(1));
            }
            case "timers" -> new Timers().schedule(_ -> dies.run(), Duration.ofMillis(1), false, () -> {});
            case "log" -> {
                var log = SqliteTaskLog.at(Path.of(options.text("file", ""))).open();
                var task = new StoredTask(1, "", Data.of("x"), TaskOptions.DEFAULT, 0, 0, 0, 0);
                log.append(new Entry.Accepted(task), Durability.DISK, _ -> dies.run());
            }
            default -> throw new IllegalArgumentException("no such thread");
        }
        new CountDownLatch(1).await();
    }
}
