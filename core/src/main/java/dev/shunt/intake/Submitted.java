package dev.shunt.intake;

import dev.shunt.task.TaskOptions;

/** A task, as far as the intake must know it; whoever owns the intake attaches more. */
public interface Submitted {

    long id();

    TaskOptions options();

    /** By the monotonic clock; of no meaning if its options have neither a delay nor a deadline. */
    long acceptedNanos();

    /** It runs only when the store has it. */
    boolean stored();

    /** Somebody may cancel it by its id. */
    boolean cancellable();
}
