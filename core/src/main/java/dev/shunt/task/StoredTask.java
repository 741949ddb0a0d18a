package dev.shunt.task;

import dev.shunt.data.Codec;
import dev.shunt.data.Data;

/**
 * A task as a {@link TaskLog} keeps it.
 *
 * @param id unique in the log, also among tasks it no longer keeps
 * @param type the class name its handler was declared for; empty for {@code onTask}
 * @param source id of the slot that asked
 * @param acceptedAtMillis epoch milliseconds
 * @param attempts that have ended
 * @param dueAtMillis when the next attempt may start, epoch milliseconds
 * @param deaths how many attempts in a row were begun by a later run of the program than accepted it, and did not end: the
 *     program has died during each, or an attempt runs
 */
public record StoredTask(
        long id,
        String type,
        Data data,
        TaskOptions options,
        int source,
        long acceptedAtMillis,
        int attempts,
        long dueAtMillis,
        int deaths) {

    /** With no deaths. */
    public StoredTask(
            long id,
            String type,
            Data data,
            TaskOptions options,
            int source,
            long acceptedAtMillis,
            int attempts,
            long dueAtMillis) {
        this(id, type, data, options, source, acceptedAtMillis, attempts, dueAtMillis, 0);
    }

    /** The same task, whose payload and context that codec decodes. */
    public StoredTask with(Codec codec) {
        var coded = new Submission(data, Submission.UNTYPED, options).with(codec);
        return new StoredTask(
                id, type, coded.data(), coded.options(), source, acceptedAtMillis, attempts, dueAtMillis, deaths);
    }

    /** As it is when it is run again, as if it were new. */
    public StoredTask revived(long nowMillis) {
        return new StoredTask(id, type, data, options, source, nowMillis, 0, nowMillis);
    }

    public StoredTask retried(int attemptsEnded, long nextDueAtMillis) {
        return new StoredTask(id, type, data, options, source, acceptedAtMillis, attemptsEnded, nextDueAtMillis);
    }

    /** Before another attempt, due at once; with that one, so many in a row have been begun and not ended. */
    public StoredTask begun(int attemptsEnded, int attemptsBegun) {
        return new StoredTask(id, type, data, options, source, acceptedAtMillis, attemptsEnded, 0, attemptsBegun);
    }
}
