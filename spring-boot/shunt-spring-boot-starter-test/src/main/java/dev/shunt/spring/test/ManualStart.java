package dev.shunt.spring.test;

import dev.shunt.pool.TaskPool;
import dev.shunt.spring.autoconfigure.PoolStarter;
import dev.shunt.testkit.ManualEngine;
import dev.shunt.testkit.ManualPool;
import org.jspecify.annotations.Nullable;

/** Starts a pool on a manual engine. */
final class ManualStart implements PoolStarter {

    private volatile @Nullable ManualEngine engine;

    @Override
    public void start(TaskPool.Builder builder) {
        engine = ManualPool.start(builder).engine();
    }

    ManualEngine engine() {
        var started = engine;
        if (started == null) {
            throw new IllegalStateException("the application has not started, or runs no tasks");
        }
        return started;
    }
}
