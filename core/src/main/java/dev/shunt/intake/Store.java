package dev.shunt.intake;

import dev.shunt.task.StoredTask;
import dev.shunt.task.TaskLog.Page;
import dev.shunt.task.UnreadableTaskException;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What keeps tasks, as the intake sees it: it answers later, in a turn of its own. */
public interface Store<T> {

    /** What came of reading. */
    sealed interface Read<V> {

        record Found<V>(V value) implements Read<V> {}

        /** The first that was to be read cannot be; the others may be. */
        record Unreadable<V>(UnreadableTaskException problem) implements Read<V> {}

        /** Nothing can be read now. */
        record Failed<V>(IOException problem) implements Read<V> {}
    }

    /**
     * Keeps a task. What was appended first is answered first.
     *
     * @param answered with null when it is kept, or with why it is not
     */
    void append(T task, Consumer<@Nullable IOException> answered);

    /** As {@link dev.shunt.task.TaskLog#tasks}. */
    void page(long after, long upTo, int limit, long maxBytes, Consumer<Read<Page>> then);

    /**
     * As many of the first of these as have {@code maxBytes}, but one; empty for one that is not there. Ends before one
     * that cannot be read.
     */
    void tasks(List<Long> ids, long maxBytes, Consumer<Read<List<Optional<StoredTask>>>> then);

    /** The highest position of what an earlier run left; 0 if it left nothing. Waits. */
    long lastPosition();

    /** How many tasks it left. Waits. */
    long taskCount();

    /** For whoever runs the program: so many tasks cannot be read; tried again after so long, or not again if it is 0. */
    void notRead(long tasks, long againNanos, IOException problem);

    /** They can be read again. */
    void readAgain();

    /** So many are left to the next run, and nobody who asked for them is told. */
    void left(int tasks);
}
