package dev.shunt.applications;

import dev.shunt.pool.TaskPool;
import dev.shunt.task.Result;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** What the web servers of this package have tasks for. */
final class Pictures {

    /** @param seconds how long it takes to make it */
    record Picture(String name, int seconds) {}

    private Pictures() {}

    static TaskPool.Builder pool() {
        return TaskPool.builder("pictures").slots(2).maxQueuedTasks(100).answer(Picture.class, Pictures::made);
    }

    /** In a child. One that is called "crash" takes its process along. */
    private static String made(Picture picture) {
        if (picture.name().equals("crash")) {
            Runtime.getRuntime().halt(1);
        }
        IO.println(picture.name() + " is made");
        var time = CompletableFuture.delayedExecutor(picture.seconds(), TimeUnit.SECONDS);
        CompletableFuture.runAsync(() -> {}, time).join();
        return picture.name() + " was made in process "
                + ProcessHandle.current().pid();
    }

    static String text(Result result) {
        return result instanceof Result.Done done ? done.data().text() : result.toString();
    }

    static int status(Result result) {
        return switch (result) {
            case Result.Done _ -> 200;
            case Result.Rejected _ -> 503; // too many wait
            case Result.TimedOut _ -> 504;
            case Result.Failed _, Result.Lost _, Result.Cancelled _ -> 500;
        };
    }
}
