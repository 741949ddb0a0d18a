package dev.shunt.testkit;

import dev.shunt.pool.TaskPool;
import java.util.concurrent.CompletableFuture;

/**
 * A task pool on a {@link ManualEngine}: without processes and threads, and only when told.
 *
 * <pre>
 *   try (var manual = ManualPool.start(Workers.pool())) {
 *       var thumbnail = manual.pool().submit(new Thumbnail(path), TaskOptions.DEFAULT.retries(3));
 *       assertThat(manual.engine().await(thumbnail)).isInstanceOf(Result.Done.class);
 *   }
 * </pre>
 */
public record ManualPool(TaskPool pool, ManualEngine engine) implements AutoCloseable {

    /** Instead of {@link TaskPool.Builder#start}. Callbacks run on the thread of the test, whatever their executor. */
    public static ManualPool start(TaskPool.Builder builder) {
        var pool = new CompletableFuture<TaskPool>();
        var engine = ManualEngine.on(on -> pool.complete(builder.startOn(on)));
        return new ManualPool(pool.join(), engine);
    }

    /** Closes the pool, which has what waits run; the clock moves on as far as that takes. */
    @Override
    public void close() {
        pool.close();
        engine.close();
    }
}
