package dev.shunt.sqlite;

import dev.shunt.task.DeadTask;
import dev.shunt.task.TaskLog.Entry;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;

/** What the entries do to the tables, as prepared statements. Used by the writer's thread alone. */
final class Tables {

    private final Connection connection;
    private final PreparedStatement begin;
    private final PreparedStatement commit;
    private final PreparedStatement rollback;
    private final PreparedStatement accept;
    private final PreparedStatement retry;
    private final PreparedStatement settle;
    private final PreparedStatement die;
    private final PreparedStatement revive;
    private final PreparedStatement discard;
    private final PreparedStatement reserved;
    private final PreparedStatement reserve;
    private boolean waits;

    Tables(Connection connection) throws SQLException {
        this.connection = connection;
        begin = connection.prepareStatement("BEGIN IMMEDIATE");
        commit = connection.prepareStatement("COMMIT");
        rollback = connection.prepareStatement("ROLLBACK");
        accept = connection.prepareStatement("REPLACE INTO task VALUES (?,?,?,?,?,?,?,?,?,?,?,?)");
        retry = connection.prepareStatement("UPDATE task SET attempts = ?, due_at = ? WHERE id = ?");
        settle = connection.prepareStatement("DELETE FROM task WHERE id = ?");
        die = connection.prepareStatement("REPLACE INTO dead VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)");
        revive = connection.prepareStatement("""
                REPLACE INTO task SELECT id, type, kind, data, durability, options, context_kind, context, source,
                        accepted_at, 0, ? FROM dead WHERE id = ?
                """);
        discard = connection.prepareStatement("DELETE FROM dead WHERE id = ?");
        reserved = connection.prepareStatement("SELECT next FROM reserved");
        reserve = connection.prepareStatement("UPDATE reserved SET next = next + ?");
        waitForDisk(false);
        // From here on the transactions are those of this class. Not in the driver's own auto-commit mode, which tries
        // to
        // begin and commit around every statement, nor in its other one, which begins the next at once: outside of a
        // transaction alone can it be said how durable it is to be.
        connection.setAutoCommit(false);
        commit.execute();
    }

    /**
     * Begins a transaction.
     *
     * @param synced whether its commit is to wait until the disk has it
     */
    void begin(boolean synced) throws SQLException {
        if (waits != synced) {
            waitForDisk(synced);
            waits = synced;
        }
        begin.execute();
    }

    /** Not prepared once for all: this pragma does its work while it is being prepared, and nothing when it is run again. */
    private void waitForDisk(boolean value) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute("PRAGMA synchronous = " + (value ? "FULL" : "NORMAL"));
        }
    }

    void commit() throws SQLException {
        commit.execute();
    }

    void rollback() throws SQLException {
        rollback.execute();
    }

    /** @throws IllegalArgumentException before anything is written, if the entry cannot be */
    void apply(Entry entry) throws SQLException {
        switch (entry) {
            case Entry.Accepted(var task) -> {
                Row.of(task).bind(accept);
                accept.execute();
            }
            case Entry.Retried(long id, int attempts, long dueAtMillis) -> {
                retry.setInt(1, attempts);
                retry.setLong(2, dueAtMillis);
                retry.setLong(3, id);
                retry.execute();
            }
            case Entry.Settled(long id) -> on(id, settle);
            case Entry.Died(var dead) -> {
                bury(dead);
                on(dead.id(), settle);
            }
            case Entry.Revived(long id, long dueAtMillis) -> {
                revive.setLong(1, dueAtMillis);
                revive.setLong(2, id);
                revive.execute();
                on(id, discard);
            }
            case Entry.Discarded(long id) -> on(id, discard);
        }
    }

    private void bury(DeadTask dead) throws SQLException {
        Row.of(dead.task()).bind(die);
        die.setString(13, dead.outcome());
        die.setString(14, dead.reason());
        die.setLong(15, dead.diedAtMillis());
        die.execute();
    }

    private static void on(long id, PreparedStatement statement) throws SQLException {
        statement.setLong(1, id);
        statement.execute();
    }

    /** The number up to which all are given, before {@code count} more are. */
    long reserve(int count) throws SQLException {
        long first;
        try (var rows = reserved.executeQuery()) {
            rows.next();
            first = rows.getLong(1);
        }
        reserve.setInt(1, count);
        reserve.execute();
        return first;
    }
}
