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

/** Reads what has been committed, on a connection of its own, one caller at a time. */
final class Reader implements AutoCloseable {

    private final TaskFile file;
    private final Connection connection;
    private final PreparedStatement tasks;
    private final PreparedStatement deadTasks;
    private final PreparedStatement deadCount;
    private boolean closed;

    Reader(TaskFile file, Connection connection) throws SQLException {
        this.file = file;
        this.connection = connection;
        tasks = connection.prepareStatement("SELECT * FROM task WHERE id > ? ORDER BY id LIMIT ?");
        deadTasks = connection.prepareStatement("SELECT * FROM dead WHERE id > ? ORDER BY id LIMIT ?");
        deadCount = connection.prepareStatement("SELECT count(*) FROM dead");
    }

    synchronized List<StoredTask> tasks(long afterId, int limit) throws IOException {
        return page(tasks, afterId, limit, Row::task);
    }

    synchronized List<DeadTask> deadTasks(long afterId, int limit) throws IOException {
        return page(deadTasks, afterId, limit, Row::dead);
    }

    synchronized Optional<DeadTask> dead(long taskId) throws IOException {
        if (taskId == Long.MIN_VALUE) {
            return Optional.empty(); // no id is below it
        }
        return deadTasks(taskId - 1, 1).stream()
                .filter(letter -> letter.id() == taskId)
                .findFirst();
    }

    synchronized long deadCount() throws IOException {
        checkOpen();
        try (var rows = deadCount.executeQuery()) {
            rows.next();
            return rows.getLong(1);
        } catch (SQLException e) {
            throw file.failed("could not be read", e);
        }
    }

    private <T> List<T> page(PreparedStatement query, long afterId, int limit, FromRow<T> fromRow) throws IOException {
        checkOpen();
        try {
            query.setLong(1, afterId);
            query.setInt(2, limit);
            try (var rows = query.executeQuery()) {
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

    private interface FromRow<T> {
        T read(ResultSet row) throws SQLException, IOException;
    }
}
