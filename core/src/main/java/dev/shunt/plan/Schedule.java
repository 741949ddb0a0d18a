package dev.shunt.plan;

import dev.shunt.task.TaskOptions;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Tasks that the clock submits.
 *
 * @param task called in the manager each time one is due, for what it is
 */
public record Schedule(String name, Timing timing, TaskOptions options, Supplier<? extends @Nullable Object> task) {}
