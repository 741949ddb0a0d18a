package dev.shunt.postgres;

import dev.shunt.data.Data;
import dev.shunt.fatal.FatalErrors;
import dev.shunt.log.Log;
import dev.shunt.task.Outcome;
import dev.shunt.task.TaskQueue.Answer;
import dev.shunt.task.TaskQueue.Ended;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.slf4j.Logger;

/**
 * Results of what was submitted on this node: fetched, told, and their rows removed when that is done, many at a time and with
 * the next fetch. A row is there until whoever asked has heard, so that a node that dies before leaves it to another. Fetched and
 * removed on the claimer's thread.
 */
final class Results {

    private static final Logger LOG = Log.of(Results.class);

    static final int MOST = 1_000;

    /** How soon results are looked for again of tasks that are older than those of the last moment. */
    static final long OLDER = TimeUnit.MILLISECONDS.toNanos(100);

    /** How soon when there are more than are fetched at once, unless so many are handed on and not yet removed. */
    static final long MORE = TimeUnit.MILLISECONDS.toNanos(10);

    private static final int MOST_HANDED = 10 * MOST;

    static final String FETCH = """
            select id, type, outcome, result, options, source, pos from task
            where asker = ? and state = 'd' and pos >= ? order by pos limit ?""";

    static final String REMOVE = "delete from task where id = any(?) and state = 'd'";

    private static final Outcome[] OUTCOMES = Outcome.values();

    private record Told(long taskId, Consumer<Answer> done) {

        void tell(Answer answer) {
            try {
                done.accept(answer);
            } catch (RuntimeException | Error e) {
                FatalErrors.letOn(e);
                LOG.error("what was to be told of a result threw; the next ones are told", e);
            }
        }
    }

    /**
     * Rows that are removed.
     *
     * @param tell run when that is committed, or never
     */
    record Removed(int count, Runnable tell) {}

    /** Handed on, and their rows are there still. */
    private final Set<Long> handed = new HashSet<>();

    /** Whoever asked has heard. */
    private final Queue<Told> told = new ConcurrentLinkedQueue<>();

    private final AtomicInteger toldCount = new AtomicInteger();

    /** Those of others, whose nodes are gone. */
    private final Set<Long> adopted = ConcurrentHashMap.newKeySet();

    private final Watermarks from = new Watermarks();

    // From any thread

    /** Whether it is the first that waits to be removed. */
    boolean told(long taskId, Consumer<Answer> done) {
        told.add(new Told(taskId, done));
        return toldCount.getAndIncrement() == 0;
    }

    /** Whether some wait to be removed beside so many. */
    boolean hasTold(int beside) {
        return toldCount.get() > beside;
    }

    /** Their results, once they are this node's, are those of others. */
    void adopt(List<Long> ids) {
        adopted.addAll(ids);
    }

    /** They are not this node's after all. */
    void leave(List<Long> ids) {
        ids.forEach(adopted::remove);
    }

    // On the claimer's

    /** What was found, and in how many nanoseconds to look again. */
    record Found(List<Ended> ended, long lookInNanos) {}

    /** Does not commit. */
    Found fetch(Connection connection, int me, long now, long poll) throws SQLException {
        if (handed.size() >= MOST_HANDED) {
            return new Found(List.of(), OLDER);
        }
        var ended = new ArrayList<Ended>();
        long low = from.low(now);
        long smallest = Long.MAX_VALUE;
        try (var statement = connection.prepareStatement(FETCH)) {
            statement.setInt(1, me);
            statement.setLong(2, low);
            statement.setInt(3, MOST + handed.size());
            try (var rows = statement.executeQuery()) {
                while (rows.next()) {
                    long id = rows.getLong(1);
                    smallest = Math.min(smallest, rows.getLong(7));
                    if (!handed.contains(id)) {
                        ended.add(new Ended(
                                id,
                                rows.getString(2),
                                OUTCOMES[rows.getInt(3)],
                                Bytes.data(rows.getBytes(4)),
                                context(rows.getBytes(5)),
                                rows.getInt(6),
                                adopted.contains(id)));
                    }
                }
            }
        }
        boolean full = ended.size() >= MOST;
        if (smallest != Long.MAX_VALUE) {
            from.claimed(now, smallest, !full);
        } else {
            from.nothing();
        }
        ended.forEach(end -> handed.add(end.taskId()));
        return new Found(ended, full ? MORE : low == 0 ? poll : OLDER);
    }

    private static Data context(byte[] options) {
        try {
            return Bytes.options(options).context();
        } catch (RuntimeException e) { // of a newer program
            LOG.warn("what comes back with a result cannot be read: {}", e.getMessage());
            return Data.empty();
        }
    }

    /** In the transaction that is under way. */
    Removed remove(Connection connection) throws SQLException {
        var gone = List.copyOf(told);
        if (gone.isEmpty()) {
            return new Removed(0, () -> {});
        }
        remove(connection, gone.stream().map(Told::taskId).toList());
        return new Removed(gone.size(), () -> answer(gone));
    }

    static void remove(Connection connection, List<Long> ids) throws SQLException {
        try (var statement = connection.prepareStatement(REMOVE)) {
            statement.setArray(1, Columns.longs(connection, ids));
            statement.executeUpdate();
        }
    }

    private void answer(List<Told> gone) {
        for (var one : gone) {
            told.remove();
            handed.remove(one.taskId());
            adopted.remove(one.taskId());
        }
        toldCount.addAndGet(-gone.size());
        gone.forEach(one -> one.tell(new Answer.Kept(true)));
    }

    /** At the end, from any thread: nothing is removed any more. Those that were not. */
    List<Long> fail(String why) {
        var ids = new ArrayList<Long>();
        for (var one = told.poll(); one != null; one = told.poll()) {
            ids.add(one.taskId());
            one.tell(new Answer.Failed(new IOException(why)));
        }
        return ids;
    }
}
