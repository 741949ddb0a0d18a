package dev.shunt.spring;

import dev.shunt.pool.TaskPool;

/**
 * Says more of the pool than properties can: handlers that are no methods of beans, callbacks, a task log. All beans of this
 * type are called, in their order, in the application and in each child.
 */
@FunctionalInterface
public interface ShuntPoolCustomizer {

    void customize(TaskPool.Builder builder);
}
