package dev.shunt.task;

import dev.shunt.data.Codec;
import java.util.ArrayList;
import java.util.List;

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

    /**
     * The first of these letters, for logs and queues that have them at hand: see {@link TaskLog#deadTasks(long, int, long)}.
     *
     * @param maxBytes none follows those whose payloads have so many together
     */
    public static List<DeadTask> first(Iterable<DeadTask> letters, int limit, long maxBytes) {
        var page = new ArrayList<DeadTask>();
        long bytes = 0;
        for (var letter : letters) {
            if (page.size() >= limit || bytes >= maxBytes) {
                break;
            }
            page.add(letter);
            bytes += letter.task().data().size();
        }
        return page;
    }
}
