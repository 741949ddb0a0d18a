package dev.shunt.sqlite;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.sqlite.Function;

/**
 * The tables, by version of the format; {@code PRAGMA user_version} says which a file has. A new format is one more
 * step at the end: steps that were ever released do not change. Times are epoch milliseconds, {@code data} and {@code
 * context} are bytes that are UTF-8 text unless their kind is BYTES, {@code options} is what {@link
 * dev.shunt.task.OptionsFormat} writes. A row's {@code position} counts what was accepted, its {@code checksum} is that of
 * {@link Row}.
 */
final class Schema {

    /** Marks the file as a task log: "shnt". */
    static final int APPLICATION_ID = 0x73686e74;

    private static final String COLUMNS = """
            id INTEGER PRIMARY KEY,
            type TEXT NOT NULL,
            kind TEXT NOT NULL,
            data BLOB NOT NULL,
            durability TEXT NOT NULL,
            options TEXT,
            context_kind TEXT,
            context BLOB,
            source INTEGER NOT NULL,
            accepted_at INTEGER NOT NULL,
            attempts INTEGER NOT NULL,
            due_at INTEGER NOT NULL
            """;

    /** What makes version n + 1 of version n. */
    static final List<List<String>> STEPS = List.of(
            List.of(
                    "CREATE TABLE task (" + COLUMNS + ") STRICT",
                    "CREATE TABLE dead (" + COLUMNS
                            + ", outcome TEXT NOT NULL, reason TEXT NOT NULL, died_at INTEGER NOT NULL) STRICT",
                    "CREATE TABLE reserved (next INTEGER NOT NULL) STRICT",
                    "INSERT INTO reserved VALUES (0)",
                    "PRAGMA application_id = " + APPLICATION_ID),
            // the order in which tasks were accepted, which that of their ids is not
            List.of(
                    "ALTER TABLE task ADD COLUMN position INTEGER NOT NULL DEFAULT 0",
                    """
                    UPDATE task SET position = ordered.position
                    FROM (SELECT id, row_number() OVER (ORDER BY accepted_at, id) AS position FROM task) AS ordered
                    WHERE task.id = ordered.id
                    """,
                    "CREATE INDEX task_position ON task (position)",
                    // a process has 2^24 ids at a time, and had 2^40: none of those is given again
                    "UPDATE reserved SET next = next * 65536"),
            // checksums, and how many rows there should be; deaths
            List.of(
                    "ALTER TABLE task ADD COLUMN deaths INTEGER NOT NULL DEFAULT 0",
                    "ALTER TABLE task ADD COLUMN checksum INTEGER NOT NULL DEFAULT 0",
                    "ALTER TABLE dead ADD COLUMN deaths INTEGER NOT NULL DEFAULT 0",
                    "ALTER TABLE dead ADD COLUMN checksum INTEGER NOT NULL DEFAULT 0",
                    "ALTER TABLE reserved ADD COLUMN tasks INTEGER NOT NULL DEFAULT 0",
                    "ALTER TABLE reserved ADD COLUMN task_ids INTEGER NOT NULL DEFAULT 0",
                    "ALTER TABLE reserved ADD COLUMN letters INTEGER NOT NULL DEFAULT 0",
                    "ALTER TABLE reserved ADD COLUMN letter_ids INTEGER NOT NULL DEFAULT 0",
                    "ALTER TABLE reserved ADD COLUMN checksum INTEGER NOT NULL DEFAULT 0",
                    checksums("task", "position"),
                    checksums("dead", "outcome, reason, died_at"),
                    """
                    UPDATE reserved SET
                        tasks = (SELECT count(*) FROM task),
                        task_ids = (SELECT coalesce(sum(id & 0xffffffff), 0) FROM task),
                        letters = (SELECT count(*) FROM dead),
                        letter_ids = (SELECT coalesce(sum(id & 0xffffffff), 0) FROM dead)
                    """,
                    "UPDATE reserved SET checksum = shunt_checksum(next, tasks, task_ids, letters, letter_ids)"));

    /** The columns that {@code task} and {@code dead} share, in the order of {@link Row}. */
    static final String COMMON =
            "id, type, kind, data, durability, options, context_kind, context, source, accepted_at,"
                    + " attempts, due_at, deaths";

    /** As {@link Row} has them. */
    private static String checksums(String table, String more) {
        return "UPDATE " + table
                + " SET checksum = shunt_checksum(id, type, kind, data, durability, options, context_kind,"
                + " context, source, accepted_at, " + more + ") << 32 | shunt_checksum(id, attempts, due_at, deaths)";
    }

    private Schema() {}

    static int version(Connection connection) throws SQLException {
        return number(connection, "PRAGMA user_version");
    }

    static int applicationId(Connection connection) throws SQLException {
        return number(connection, "PRAGMA application_id");
    }

    /** Takes the steps that are missing, all or none. Writes nothing if none is: the disk may be full. */
    static void upgrade(Connection connection, List<List<String>> steps) throws SQLException {
        if (version(connection) == steps.size()) {
            return;
        }
        Function.create(connection, "shunt_checksum", new ChecksumFunction());
        try (var statement = connection.createStatement()) {
            statement.execute("BEGIN IMMEDIATE");
            try {
                for (var step : steps.subList(version(connection), steps.size())) {
                    for (var command : step) {
                        statement.execute(command);
                    }
                }
                statement.execute("PRAGMA user_version = " + steps.size());
                statement.execute("COMMIT");
            } catch (SQLException e) {
                statement.execute("ROLLBACK");
                throw e;
            }
        }
    }

    /** How the tables and the index of a file are defined, by their names. */
    static Map<String, String> tables(Connection connection) throws SQLException {
        var tables = new TreeMap<String, String>();
        try (var statement = connection.createStatement();
                var rows = statement.executeQuery("SELECT name, sql FROM sqlite_schema"
                        + " WHERE name IN ('task', 'dead', 'reserved', 'task_position')")) {
            while (rows.next()) {
                tables.put(rows.getString(1), rows.getString(2));
            }
        }
        return tables;
    }

    /** {@link Checksum}, for steps that compute those of rows that had none. */
    private static final class ChecksumFunction extends Function {
        @Override
        protected void xFunc() throws SQLException {
            var checksum = new Checksum();
            for (int i = 0; i < args(); i++) {
                switch (value_type(i)) {
                    case INTEGER -> checksum.add(value_long(i));
                    case BLOB -> checksum.add(value_blob(i));
                    case NULL -> checksum.add((String) null);
                    default -> checksum.add(value_text(i));
                }
            }
            result(checksum.value());
        }

        private static final int INTEGER = 1;
        private static final int BLOB = 4;
        private static final int NULL = 5;
    }

    private static int number(Connection connection, String query) throws SQLException {
        try (var statement = connection.createStatement();
                var rows = statement.executeQuery(query)) {
            rows.next();
            return rows.getInt(1);
        }
    }
}
