package dev.shunt.postgres;

import dev.shunt.data.Data;
import dev.shunt.task.TaskOptions;
import dev.shunt.task.TaskQueue.Answer;
import dev.shunt.task.TaskQueue.SharedTask;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Tasks that a program puts in by itself, with ids of numbers of its own. Safe for use by any thread. */
final class Submissions {

    /** As those of all tasks: a number above, a count below. */
    private static final int BITS = 24;

    private static final int BLOCK = 64;

    private List<String> types = List.of();
    private long next;
    private long end;

    /** Those that this process runs. */
    synchronized void types(List<String> known) {
        types = known;
    }

    long submit(Connection connection, @Nullable Object task, TaskOptions options) throws SQLException {
        if (options.slot().isPresent()) {
            throw new IllegalArgumentException("a task for slot "
                    + options.slot().getAsInt() + " of one program cannot be shared; leave the slot out");
        }
        long id = id(connection);
        var data = Data.of(task).encoded();
        var shared = new SharedTask(id, type(task, data), data, options, 0, false, null);
        String before = path(connection);
        try (var statement = connection.createStatement()) {
            statement.execute("set local search_path to shunt");
            var signals = new Signals();
            var refused = new Offers(connection, signals).offer(List.of(shared), 0);
            if (refused.get(id) instanceof Answer.Refused(String why)) {
                throw new IllegalArgumentException(why);
            }
            signals.send(connection);
        } finally {
            try (var statement = connection.prepareStatement("select set_config('search_path', ?, true)")) {
                statement.setString(1, before);
                statement.execute();
            }
        }
        return id;
    }

    private static String path(Connection connection) throws SQLException {
        if (connection.getAutoCommit()) {
            throw new IllegalArgumentException(
                    "submitIn needs a transaction: connection.setAutoCommit(false) before it, and commit() after it");
        }
        try (var statement = connection.createStatement();
                var rows = statement.executeQuery("select current_setting('search_path')")) {
            rows.next();
            return rows.getString(1);
        }
    }

    private synchronized String type(@Nullable Object task, Data data) {
        if (task == null || data.kind() != Data.Kind.OBJECT) {
            return "";
        }
        String name = task.getClass().getName();
        return types.isEmpty() || types.contains(name) ? name : "";
    }

    private synchronized long id(Connection connection) throws SQLException {
        if (next == end) {
            long number = Numbers.reserve(connection, 1, BLOCK);
            next = number << BITS;
            end = (number + 1) << BITS;
        }
        return next++;
    }
}
