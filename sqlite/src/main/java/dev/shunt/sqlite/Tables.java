package dev.shunt.sqlite;

import dev.shunt.task.DeadTask;
import dev.shunt.task.TaskLog.Entry;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * What the entries do to the tables, as prepared statements. Used by the writer's thread alone. After any failure it is
 * of no more use, for the driver ends a statement that fails: close it, and make another.
 */
final class Tables implements AutoCloseable {

    private final Connection connection;
    private final List<PreparedStatement> all = new ArrayList<>();
    private final PreparedStatement begin;
    private final PreparedStatement commit;
    private final PreparedStatement accept;
    private final PreparedStatement retry;
    private final PreparedStatement settle;
    private final PreparedStatement die;
    private final PreparedStatement revive;
    private final PreparedStatement discard;
    private final PreparedStatement reserved;
    private final PreparedStatement reserve;
    private boolean waits;
    private long lastPosition;
    private long deadCount;

    /** The transactions of the connection are those of this class from here on; one that is open is rolled back. */
    Tables(Connection connection) throws SQLException {
        this.connection = connection;
        rollback();
        waitForDisk(false);
        begin = prepare("BEGIN IMMEDIATE");
        commit = prepare("COMMIT");
        accept = prepare("REPLACE INTO task VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?)");
        retry = prepare("UPDATE task SET attempts = ?, due_at = ? WHERE id = ?");
        settle = prepare("DELETE FROM task WHERE id = ?");
        die = prepare("REPLACE INTO dead VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)");
        revive = prepare("""
                REPLACE INTO task SELECT id, type, kind, data, durability, options, context_kind, context, source,
                        ?1, 0, ?1, ?3 FROM dead WHERE id = ?2
                """);
        discard = prepare("DELETE FROM dead WHERE id = ?");
        reserved = prepare("SELECT next FROM reserved");
        reserve = prepare("UPDATE reserved SET next = next + ?");
        lastPosition = number("SELECT coalesce(max(position), 0) FROM task");
        deadCount = number("SELECT count(*) FROM dead");
    }

    /** As of the last transaction that was committed, or of the one that is open. */
    long deadCount() {
        return deadCount;
    }

    private long number(String query) throws SQLException {
        try (var statement = connection.createStatement();
                var rows = statement.executeQuery(query)) {
            rows.next();
            return rows.getLong(1);
        }
    }

    private PreparedStatement prepare(String command) throws SQLException {
        var statement = connection.prepareStatement(command);
        all.add(statement);
        return statement;
    }

    /**
     * Leaves the driver out of it. Its auto-commit mode tries to begin and commit around every statement; its other mode
     * begins the next transaction at once, and only outside of one can it be said how durable the next is to be.
     */
    private void rollback() throws SQLException {
        connection.setAutoCommit(false);
        try (var statement = connection.createStatement()) {
            statement.execute("ROLLBACK");
        } catch (SQLException e) {
            // There is none: SQLite has rolled it back by itself. If it is anything else, the next statement fails,
            // too.
        }
    }

    /**
     * Begins a transaction.
     *
     * @param synced whether its commit is to wait until the disk has it
     */
    void begin(boolean synced) throws SQLException {
        if (waits != synced) {
            waitForDisk(synced);
        }
        begin.execute();
    }

    /**
     * Not prepared once for all: this pragma does its work while it is being prepared, and nothing when it is run
     * again.
     */
    private void waitForDisk(boolean value) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute("PRAGMA synchronous = " + (value ? "FULL" : "NORMAL"));
        }
        waits = value;
    }

    void commit() throws SQLException {
        commit.execute();
    }

    /** @throws IllegalArgumentException before anything is written, if the entry cannot be */
    void apply(Entry entry) throws SQLException {
        switch (entry) {
            case Entry.Accepted(var task) -> {
                Row.of(task).bind(accept);
                accept.setLong(13, ++lastPosition);
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
                addDead(dead);
                on(dead.id(), settle);
            }
            case Entry.Revived(long id, long dueAtMillis) -> {
                revive.setLong(1, dueAtMillis);
                revive.setLong(2, id);
                revive.setLong(3, ++lastPosition);
                revive.execute();
                discard(id);
            }
            case Entry.Discarded(long id) -> discard(id);
        }
    }

    private void discard(long id) throws SQLException {
        deadCount -= on(id, discard);
    }

    private void addDead(DeadTask dead) throws SQLException {
        Row.of(dead.task()).bind(die);
        discard(dead.id());
        die.setString(13, dead.outcome());
        die.setString(14, dead.reason());
        die.setLong(15, dead.diedAtMillis());
        die.execute();
        deadCount++;
    }

    /** How many rows it changed. */
    private static int on(long id, PreparedStatement statement) throws SQLException {
        statement.setLong(1, id);
        return statement.executeUpdate();
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

    @Override
    public void close() throws SQLException {
        for (var statement : all) {
            statement.close();
        }
    }
}
