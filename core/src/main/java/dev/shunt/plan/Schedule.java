package dev.shunt.plan;

import dev.shunt.task.Submission;
import java.util.function.Supplier;

/**
 * Tasks that the clock submits.
 *
 * @param task called in the manager each time one is due
 */
public record Schedule(String name, Timing timing, Supplier<Submission> task) {}
