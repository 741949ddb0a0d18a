package dev.shunt.task;

import dev.shunt.data.Codec;

/**
 * A dead letter: a task that failed, was lost or timed out in its last attempt, kept until somebody runs it again or
 * discards it.
 *
 * @param outcome such as {@code FAILED}
 * @param reason what the last attempt threw, with its stack, or why it was lost
 * @param diedAtMillis epoch milliseconds
 */
public record DeadTask(StoredTask task, String outcome, String reason, long diedAtMillis) {

    public long id() {
        return task.id();
    }

    /** The same letter, whose payload that codec decodes. */
    public DeadTask with(Codec codec) {
        return new DeadTask(task.with(codec), outcome, reason, diedAtMillis);
    }
}
