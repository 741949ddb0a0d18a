package dev.shunt.sqlite;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/**
 * The tables, by version of the format; {@code PRAGMA user_version} says which a file has. A new format is one more
 * step at the end: steps that were ever released do not change. Times are epoch milliseconds, {@code data} and {@code
 * context} are bytes that are UTF-8 text unless their kind is BYTES, {@code options} is what {@link
 * dev.shunt.task.OptionsFormat} writes. A row's {@code position} counts what was accepted.
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
                    "UPDATE reserved SET next = next * 65536"));

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

    private static int number(Connection connection, String query) throws SQLException {
        try (var statement = connection.createStatement();
                var rows = statement.executeQuery(query)) {
            rows.next();
            return rows.getInt(1);
        }
    }
}
