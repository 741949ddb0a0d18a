package dev.shunt.task;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Keeps tasks that must outlive processes, and dead letters. Opened by the manager alone, and by one manager at a time.
 * {@link #append} never waits; what was appended first takes effect first, and an entry is kept whole or not at all. After
 * an orderly or any other end, a log opened again has every entry that was acknowledged. Safe for use by any thread.
 */
public interface TaskLog extends AutoCloseable {

    /** Opens a log: called in the manager when the program starts, never in a child. */
    @FunctionalInterface
    interface Opener {
        /** @throws IOException saying which file, what is wrong with it and what to do */
        TaskLog open() throws IOException;
    }

    /** What happens to a task. */
    sealed interface Entry {

        long taskId();

        /** It is kept from now on. */
        record Accepted(StoredTask task) implements Entry {
            @Override
            public long taskId() {
                return task.id();
            }
        }

        /**
         * An attempt has ended, and another one will follow: it has no deaths. Nothing happens if the task is not kept.
         */
        record Retried(long taskId, int attempts, long dueAtMillis) implements Entry {}

        /**
         * An attempt of a task that an earlier run has left is about to begin, and is due: if the program dies now, it
         * has died so many times in a row. Nothing happens if the task is not kept.
         *
         * @param deaths 0 takes it back: the attempt was not begun, or the program has ended in order
         */
        record Begun(long taskId, int attempts, int deaths) implements Entry {}

        /** It is over and no longer kept. Nothing happens if it is not. */
        record Settled(long taskId) implements Entry {}

        /** It is a dead letter from now on, and no longer kept as a task if it was. */
        record Died(DeadTask dead) implements Entry {
            @Override
            public long taskId() {
                return dead.id();
            }
        }

        /**
         * A dead letter becomes a task again, accepted at that time, under its id, with no attempts. Nothing happens if
         * there is none.
         */
        record Revived(long taskId, long dueAtMillis) implements Entry {}

        /** A dead letter is no longer kept. Nothing happens if there is none. */
        record Discarded(long taskId) implements Entry {}
    }

    /**
     * Takes an entry in.
     *
     * @param durability what the entry must survive; several entries may share the wait for the disk
     * @param done called once, on a thread of the log or before this returns, with null when the entry is as durable as
     *     asked for, or with what went wrong, and then the entry is not kept. Must not wait; may read, but not reserve or close
     */
    void append(Entry entry, Durability durability, Consumer<@Nullable IOException> done);

    /**
     * Some of the tasks that are kept, in the order in which they were accepted.
     *
     * @param last the position of the last of them; where the next page begins
     */
    record Page(List<StoredTask> tasks, long last) {}

    /**
     * Tasks that are kept, in the order in which they were accepted or revived: that is their position, from 1 on. At
     * most {@code limit}, and no more once their payloads have {@code maxBytes}, but one if there is one. A page ends
     * before a task that cannot be read.
     *
     * @param after the position after which the page begins
     * @param upTo the last position that may be in it
     * @throws UnreadableTaskException if the first of them cannot be read; the next page begins after its position
     */
    Page tasks(long after, long upTo, int limit, long maxBytes) throws IOException;

    /** @throws UnreadableTaskException if it cannot be read */
    Optional<StoredTask> task(long taskId) throws IOException;

    /** The highest position of a task that is kept; 0 if there is none. */
    long lastPosition() throws IOException;

    /** How many tasks are kept. */
    long taskCount() throws IOException;

    /** @throws UnreadableTaskException if it cannot be read */
    Optional<DeadTask> dead(long taskId) throws IOException;

    /**
     * Dead letters in the order of their ids, from the first id above {@code afterId} on. Ends before one that cannot
     * be read.
     *
     * @param maxBytes none follows those whose payloads have so many together; the first is there whatever it has
     * @throws UnreadableTaskException if the first of them cannot be read
     */
    List<DeadTask> deadTasks(long afterId, int limit, long maxBytes) throws IOException;

    /** The same, however many bytes they have. */
    default List<DeadTask> deadTasks(long afterId, int limit) throws IOException {
        return deadTasks(afterId, limit, Long.MAX_VALUE);
    }

    /** How many dead letters are kept. Is asked for on event loops: must not wait. */
    long deadCount() throws IOException;

    /** Whether what is kept outlives the process. */
    boolean outlivesProcess();

    /**
     * The first of {@code count} numbers that no other call, in this run or another, gets. The first ever is 0. May
     * wait for the disk.
     */
    long reserve(int count) throws IOException;

    /** Waits until everything appended is durable, and closes. */
    @Override
    void close() throws IOException;
}
