package dev.shunt.spring.autoconfigure;

import dev.shunt.pool.TaskPool;

/** Starts the pool of an application; a bean of this type takes the place of {@link TaskPool.Builder#start}, as in tests. */
@FunctionalInterface
public interface PoolStarter {

    void start(TaskPool.Builder builder);
}
