package dev.shunt.plan;

import dev.shunt.task.RateLimit;
import dev.shunt.task.TaskHandler;
import java.util.Optional;

/**
 * A type of task.
 *
 * @param type what its payload is decoded into
 * @param rate how often its runs may start, if that is limited
 */
public record TypedHandler(Class<?> type, TaskHandler<?> handler, Optional<RateLimit> rate) {}
