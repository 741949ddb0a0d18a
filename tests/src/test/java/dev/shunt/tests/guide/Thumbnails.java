package dev.shunt.tests.guide;

import dev.shunt.pool.TaskPool;
import dev.shunt.task.Result;
import dev.shunt.task.TaskOptions;

/** The program of the page on task pools. */
public final class Thumbnails {

    record Thumbnail(String path, int width) {}

    record Cleanup(String directory) {}

    void main() throws InterruptedException {
        try (var pool = TaskPool.builder()
                .slots(4)
                .answer(Thumbnail.class, thumbnail -> "made " + thumbnail.path() + ", " + thumbnail.width() + " wide")
                .handle(
                        Cleanup.class,
                        (cleanup, task) -> IO.println("task " + task.id() + " cleans " + cleanup.directory()))
                .start()) {
            pool.submit(new Cleanup("/tmp/thumbnails"));
            var thumbnail = pool.submit(new Thumbnail("sea.jpg", 200), TaskOptions.DEFAULT.retries(3));
            thumbnail.result().thenAccept(result -> IO.println("heard of " + result));
            if (pool.await(new Thumbnail("lake.jpg", 100)) instanceof Result.Done done) {
                IO.println(done.data());
            }
        } // what was submitted has run, and every result is complete
    }

    static TaskPool.Builder pool() {
        return TaskPool.builder().answer(Thumbnail.class, thumbnail -> "made " + thumbnail.path());
    }
}
