package dev.shunt.sqlite;

import dev.shunt.task.DeadTask;
import dev.shunt.task.StoredTask;
import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Reads what has been committed, on a connection of its own, one caller at a time. Each query is prepared anew, for the driver
 * ends a statement that fails.
 */
final class Reader implements AutoCloseable {

    private static final String TASKS = "SELECT * FROM task WHERE id > ? ORDER BY id LIMIT ?";
    private static final String DEAD_TASKS = "SELECT * FROM dead WHERE id > ? ORDER BY id LIMIT ?";
    private static final String DEAD_TASK = "SELECT * FROM dead WHERE id = ? LIMIT ?";
    private static final String TASK_COUNT = "SELECT count(*) FROM task";
    private static final String DEAD_COUNT = "SELECT count(*) FROM dead";

    private final TaskFile file;
    private final Connection connection;
    private boolean closed;

    Reader(TaskFile file, Connection connection) {
        this.file = file;
        this.connection = connection;
    }

    List<StoredTask> tasks(long afterId, int limit) throws IOException {
        return page(TASKS, afterId, limit, Row::task);
    }

    List<DeadTask> deadTasks(long afterId, int limit) throws IOException {
        return page(DEAD_TASKS, afterId, limit, Row::dead);
    }

    Optional<DeadTask> dead(long taskId) throws IOException {
        return page(DEAD_TASK, taskId, 1, Row::dead).stream().findFirst();
    }

    long taskCount() throws IOException {
        return read(TASK_COUNT, query -> {}, row -> row.getLong(1)).getFirst();
    }

    long deadCount() throws IOException {
        return read(DEAD_COUNT, query -> {}, row -> row.getLong(1)).getFirst();
    }

    private <T> List<T> page(String query, long id, int limit, FromRow<T> fromRow) throws IOException {
        return read(
                query,
                statement -> {
                    statement.setLong(1, id);
                    statement.setInt(2, limit);
                },
                fromRow);
    }

    private synchronized <T> List<T> read(String query, Parameters parameters, FromRow<T> fromRow) throws IOException {
        checkOpen();
        try (var statement = connection.prepareStatement(query)) {
            parameters.set(statement);
            try (var rows = statement.executeQuery()) {
                var page = new ArrayList<T>();
                while (rows.next()) {
                    page.add(fromRow.read(rows));
                }
                return page;
            }
        } catch (SQLException e) {
            throw file.failed("could not be read", e);
        } catch (IOException e) {
            throw new IOException(file.says("has a row that makes no sense: " + e.getMessage()), e);
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

    private interface Parameters {
        void set(PreparedStatement statement) throws SQLException;
    }

    private interface FromRow<T> {
        T read(ResultSet row) throws SQLException, IOException;
    }
}
