package dev.shunt.sqlite;

import dev.shunt.task.DeadTask;
import dev.shunt.task.StoredTask;
import dev.shunt.task.TaskLog.Page;
import dev.shunt.task.UnreadableTaskException;
import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads what has been committed, on a connection of its own, one caller at a time. Each query is prepared anew, for the
 * driver ends a statement that fails.
 */
final class Reader implements AutoCloseable {

    private static final String TASKS =
            "SELECT * FROM task WHERE position > ? AND position <= ? ORDER BY position LIMIT ?";
    private static final String TASK = "SELECT * FROM task WHERE id = ?";
    private static final String DEAD_TASKS = "SELECT * FROM dead WHERE id > ? ORDER BY id LIMIT ?";
    private static final String DEAD_TASK = "SELECT * FROM dead WHERE id = ?";
    static final String LAST_POSITION =
            "SELECT coalesce(max(position), 0) FROM task WHERE position <= " + Inspection.MAX_POSITION;
    private static final String DEAD_COUNT = "SELECT count(*) FROM dead";
    private static final String TASK_COUNT = "SELECT count(*) FROM task";

    private final TaskFile file;
    private final Connection connection;
    private boolean closed;

    Reader(TaskFile file, Connection connection) {
        this.file = file;
        this.connection = connection;
    }

    Page tasks(long after, long upTo, int limit, long maxBytes) throws IOException {
        var page = new ArrayList<Row.Kept>();
        var bytes = new long[1];
        read(TASKS, List.of(after, upTo, (long) limit), row -> {
            var kept = readable(row, Row::kept, page.isEmpty());
            if (kept == null) {
                return false;
            }
            page.add(kept);
            bytes[0] += kept.task().data().bytes().length;
            return bytes[0] < maxBytes;
        });
        long last = page.isEmpty() ? after : page.getLast().position();
        return new Page(page.stream().map(Row.Kept::task).toList(), last);
    }

    List<DeadTask> deadTasks(long afterId, int limit, long maxBytes) throws IOException {
        var page = new ArrayList<DeadTask>();
        var bytes = new long[1];
        read(DEAD_TASKS, List.of(afterId, (long) limit), row -> {
            var letter = readable(row, Row::dead, page.isEmpty());
            if (letter == null) {
                return false;
            }
            page.add(letter);
            bytes[0] += letter.task().data().bytes().length;
            return bytes[0] < maxBytes;
        });
        return page;
    }

    Optional<StoredTask> task(long taskId) throws IOException {
        return all(TASK, List.of(taskId), Row::task).stream().findFirst();
    }

    Optional<DeadTask> dead(long taskId) throws IOException {
        return all(DEAD_TASK, List.of(taskId), Row::dead).stream().findFirst();
    }

    long taskCount() throws IOException {
        return number(TASK_COUNT);
    }

    long lastPosition() throws IOException {
        return number(LAST_POSITION);
    }

    long deadCount() throws IOException {
        return number(DEAD_COUNT);
    }

    private long number(String query) throws IOException {
        return all(query, List.of(), row -> row.getLong(1)).getFirst();
    }

    /** Up to one that cannot be read. */
    private <T> List<T> all(String query, List<Long> parameters, FromRow<T> fromRow) throws IOException {
        var page = new ArrayList<T>();
        read(query, parameters, row -> {
            T next = readable(row, fromRow, page.isEmpty());
            return next != null && page.add(next);
        });
        return page;
    }

    /** Null if it cannot be read and is not the first. */
    private <T> @Nullable T readable(ResultSet row, FromRow<T> fromRow, boolean first)
            throws SQLException, UnreadableTaskException {
        try {
            return fromRow.read(row);
        } catch (UnreadableTaskException e) {
            if (first) {
                throw new UnreadableTaskException(
                        e.taskId(), e.position(), file.says("has a row that makes no sense: " + e.getMessage()), e);
            }
            return null;
        }
    }

    private synchronized void read(String query, List<Long> parameters, Take take) throws IOException {
        checkOpen();
        try (var statement = connection.prepareStatement(query)) {
            for (int i = 0; i < parameters.size(); i++) {
                statement.setLong(i + 1, parameters.get(i));
            }
            try (var rows = statement.executeQuery()) {
                boolean more = true;
                while (more && rows.next()) {
                    more = take.row(rows);
                }
            }
        } catch (SQLException e) {
            throw file.failed("could not be read", e);
        }
    }

    private void checkOpen() throws IOException {
        if (closed) {
            throw file.closed();
        }
    }

    @Override
    public synchronized void close() throws SQLException {
        closed = true;
        connection.close();
    }

    private interface FromRow<T> {
        T read(ResultSet row) throws SQLException, UnreadableTaskException;
    }

    private interface Take {
        /** Whether it wants another one. */
        boolean row(ResultSet row) throws SQLException, UnreadableTaskException;
    }
}
