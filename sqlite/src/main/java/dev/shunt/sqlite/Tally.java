package dev.shunt.sqlite;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;

/**
 * How many tasks and dead letters there should be, kept in the same transactions as they are: rows that are missing, or
 * are there twice, do not say so themselves. The sums of their ids are those of their lower halves.
 *
 * @param next the number that is reserved next
 */
record Tally(long next, long tasks, long taskIds, long letters, long letterIds) {

    private static final long LOWER_HALF = 0xffff_ffffL;

    static final String UPDATE =
            "UPDATE reserved SET next = ?, tasks = ?, task_ids = ?, letters = ?, letter_ids = ?, checksum = ?";

    Tally withTask(long id) {
        return new Tally(next, tasks + 1, taskIds + (id & LOWER_HALF), letters, letterIds);
    }

    Tally withoutTask(long id) {
        return new Tally(next, tasks - 1, taskIds - (id & LOWER_HALF), letters, letterIds);
    }

    Tally withLetter(long id) {
        return new Tally(next, tasks, taskIds, letters + 1, letterIds + (id & LOWER_HALF));
    }

    Tally withoutLetter(long id) {
        return new Tally(next, tasks, taskIds, letters - 1, letterIds - (id & LOWER_HALF));
    }

    Tally withNext(long number) {
        return new Tally(number, tasks, taskIds, letters, letterIds);
    }

    long checksum() {
        return new Checksum()
                .add(next)
                .add(tasks)
                .add(taskIds)
                .add(letters)
                .add(letterIds)
                .value();
    }

    /** As it was written, with its checksum. */
    record Written(Tally tally, long checksum) {

        boolean isWhole() {
            return checksum == tally.checksum();
        }
    }

    static Written read(Connection connection) throws SQLException {
        try (var statement = connection.createStatement();
                var row = statement.executeQuery(
                        "SELECT next, tasks, task_ids, letters, letter_ids, checksum FROM reserved")) {
            if (!row.next()) {
                return new Written(new Tally(0, 0, 0, 0, 0), 0);
            }
            var tally = new Tally(row.getLong(1), row.getLong(2), row.getLong(3), row.getLong(4), row.getLong(5));
            return new Written(tally, row.getLong(6));
        }
    }

    /** With the same next number, and the counts of what is there, by the rows themselves and no index. */
    Tally counted(Connection connection) throws SQLException {
        try (var statement = connection.createStatement();
                var row = statement.executeQuery(
                        "SELECT count(*), coalesce(sum(id & " + LOWER_HALF + "), 0) FROM task NOT INDEXED")) {
            row.next();
            long tasks = row.getLong(1);
            long taskIds = row.getLong(2);
            try (var letters = connection.createStatement();
                    var letter = letters.executeQuery(
                            "SELECT count(*), coalesce(sum(id & " + LOWER_HALF + "), 0) FROM dead NOT INDEXED")) {
                letter.next();
                return new Tally(next, tasks, taskIds, letter.getLong(1), letter.getLong(2));
            }
        }
    }

    void write(Connection connection) throws SQLException {
        try (var statement = connection.prepareStatement(UPDATE)) {
            bind(statement);
            statement.execute();
        }
    }

    void bind(PreparedStatement statement) throws SQLException {
        statement.setLong(1, next);
        statement.setLong(2, tasks);
        statement.setLong(3, taskIds);
        statement.setLong(4, letters);
        statement.setLong(5, letterIds);
        statement.setLong(6, checksum());
    }
}
