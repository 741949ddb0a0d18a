package dev.shunt.sqlite;

import dev.shunt.task.DeadTask;
import dev.shunt.task.StoredTask;
import dev.shunt.task.TaskLog.Entry;
import dev.shunt.task.UnreadableTaskException;
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
    private final PreparedStatement progress;
    private final PreparedStatement settle;
    private final PreparedStatement die;
    private final PreparedStatement letter;
    private final PreparedStatement discard;
    private final PreparedStatement count;
    private boolean waits;
    private long lastPosition;
    private Tally written;
    private Tally tally;

    /** The transactions of the connection are those of this class from here on; one that is open is rolled back. */
    Tables(Connection connection) throws SQLException {
        this.connection = connection;
        rollback();
        waitForDisk(false);
        begin = prepare("BEGIN IMMEDIATE");
        commit = prepare("COMMIT");
        accept = prepare("INSERT OR IGNORE INTO task (" + Schema.COMMON
                + ", position, checksum) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)");
        progress = prepare("UPDATE task SET attempts = ?, due_at = ?, deaths = ?,"
                + " checksum = (checksum & ~0xffffffff) | ? WHERE id = ?");
        settle = prepare("DELETE FROM task WHERE id = ?");
        die = prepare("INSERT INTO dead (" + Schema.COMMON
                + ", outcome, reason, died_at, checksum) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)");
        letter = prepare("SELECT * FROM dead WHERE id = ?");
        discard = prepare("DELETE FROM dead WHERE id = ?");
        count = prepare(Tally.UPDATE);
        lastPosition = number(Reader.LAST_POSITION);
        written = Tally.read(connection).tally();
        tally = written;
    }

    /** As of the last transaction that was committed, or of the one that is open. */
    long deadCount() {
        return tally.letters();
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
        if (!tally.equals(written)) {
            tally.bind(count);
            count.execute();
        }
        commit.execute();
        written = tally;
    }

    /**
     * Both exceptions come before anything is written.
     *
     * @throws IllegalArgumentException if the entry cannot be written
     * @throws UnreadableTaskException if it is about a letter that is damaged
     */
    void apply(Entry entry) throws SQLException, UnreadableTaskException {
        switch (entry) {
            case Entry.Accepted(var task) -> accept(task);
            case Entry.Retried(long id, int attempts, long dueAtMillis) -> progress(id, attempts, dueAtMillis, 0);
            case Entry.Begun(long id, int attempts, int deaths) -> progress(id, attempts, 0, deaths);
            case Entry.Settled(long id) -> settle(id);
            case Entry.Died(var dead) -> {
                addDead(dead);
                settle(dead.id());
            }
            case Entry.Revived(long id, long dueAtMillis) -> revive(id, dueAtMillis);
            case Entry.Discarded(long id) -> discard(id);
        }
    }

    private void accept(StoredTask task) throws SQLException {
        Row.of(task).bind(accept, lastPosition + 1);
        if (accept.executeUpdate() == 0) {
            settle(task.id()); // it is accepted once more
            if (accept.executeUpdate() == 0) {
                throw new SQLException("task " + task.id() + " is refused by the table");
            }
        }
        lastPosition++;
        tally = tally.withTask(task.id());
    }

    private void progress(long id, int attempts, long dueAtMillis, int deaths) throws SQLException {
        progress.setInt(1, attempts);
        progress.setLong(2, dueAtMillis);
        progress.setInt(3, deaths);
        progress.setLong(
                4, new Checksum().addProgress(id, attempts, dueAtMillis, deaths).value());
        progress.setLong(5, id);
        progress.execute();
    }

    private void settle(long id) throws SQLException {
        if (on(id, settle) > 0) {
            tally = tally.withoutTask(id);
        }
    }

    /** Read and written anew, not copied: its checksum is another one, and a damaged one must not get a right one. */
    private void revive(long id, long dueAtMillis) throws SQLException, UnreadableTaskException {
        letter.setLong(1, id);
        StoredTask revived;
        try (var row = letter.executeQuery()) {
            if (!row.next()) {
                return;
            }
            revived = Row.dead(row).task().revived(dueAtMillis);
        }
        accept(revived);
        discard(id);
    }

    private void discard(long id) throws SQLException {
        if (on(id, discard) > 0) {
            tally = tally.withoutLetter(id);
        }
    }

    private void addDead(DeadTask dead) throws SQLException {
        Row.of(dead.task()).bind(die, dead.outcome(), dead.reason(), dead.diedAtMillis());
        discard(dead.id());
        die.execute();
        tally = tally.withLetter(dead.id());
    }

    /** How many rows it changed. */
    private static int on(long id, PreparedStatement statement) throws SQLException {
        statement.setLong(1, id);
        return statement.executeUpdate();
    }

    /** The number up to which all are given, before {@code numbers} more are. */
    long reserve(int numbers) {
        long first = tally.next();
        tally = tally.withNext(first + numbers);
        return first;
    }

    /** Moves what was written last into the file itself, as far as readers let it. */
    void checkpoint() throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute("PRAGMA wal_checkpoint(FULL)");
        }
    }

    @Override
    public void close() throws SQLException {
        for (var statement : all) {
            statement.close();
        }
    }
}
