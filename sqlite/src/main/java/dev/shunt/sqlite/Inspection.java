package dev.shunt.sqlite;

import dev.shunt.files.PrivateFile;
import dev.shunt.log.Log;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;
import org.sqlite.SQLiteOpenMode;

/**
 * Looks through a file that is being opened. What makes the whole doubtful refuses it; what is about one row, or can be
 * made again, is said, and the rest is used. What a row has inside is looked at when it is read, for it has a checksum.
 */
final class Inspection {

    private static final Logger LOG = Log.of(Inspection.class);

    private static final int MAX_PROBLEMS = 1_000;
    private static final Pattern OF_A_ROW = Pattern.compile("(NULL|NUMERIC|TEXT|non-\\w+) value in (task|dead)\\.\\w+");
    private static final Pattern OF_THE_INDEX = Pattern.compile(".* index task_position");

    /** Positions count what was accepted; none gets so far. */
    static final long MAX_POSITION = 1L << 53;

    private final TaskFile file;

    Inspection(TaskFile file) {
        this.file = file;
    }

    /** Before SQLite opens it and makes the best of it. */
    void beforeOpening() throws IOException {
        var damage = WriteAheadLog.damage(file.beside("-wal"));
        if (damage.isPresent()) {
            LOG.error(
                    "{}; it is kept as it was in {}, with its -wal", file.says("is damaged: " + damage.get()), keep());
        }
    }

    /** A copy that SQLite can open, under a name that is free. */
    private Path keep() throws IOException {
        var copy = file.beside("-damaged");
        for (int number = 2; Files.exists(copy); number++) {
            copy = file.beside("-damaged-" + number);
        }
        try {
            copy(file.path(), copy);
            copy(file.beside("-wal"), new TaskFile(copy).beside("-wal"));
            return copy;
        } catch (IOException e) {
            throw new IOException(
                    file.says("is damaged, and cannot be kept as " + copy + " before it is used: " + e
                            + ". Copy it and its -wal elsewhere, and start again without the -wal"),
                    e);
        }
    }

    private static void copy(Path from, Path to) throws IOException {
        PrivateFile.create(to).close();
        try (var out = Files.newOutputStream(to, StandardOpenOption.WRITE)) {
            Files.copy(from, out);
        }
    }

    /** Of any format: whether pages, trees and the index are right. */
    void structure(Connection connection) throws SQLException, IOException {
        try {
            checkStructure(connection);
        } catch (SQLiteException e) {
            if (e.getResultCode() == SQLiteErrorCode.SQLITE_CORRUPT) { // too damaged to be looked through
                throw damaged(String.valueOf(e.getMessage()));
            }
            throw e;
        }
    }

    private void checkStructure(Connection connection) throws SQLException, IOException {
        var problems = problems(connection);
        if (problems.stream().anyMatch(problem -> OF_THE_INDEX.matcher(problem).matches())) {
            LOG.error("{}", file.says("has a damaged index (" + problems.getFirst() + "), which is made again"));
            try (var statement = connection.createStatement()) {
                statement.execute("REINDEX task_position");
            }
            problems = problems(connection);
        }
        problems.removeIf(problem -> OF_A_ROW.matcher(problem).matches()); // said when the row is read
        if (!problems.isEmpty()) {
            throw damaged(problems.getFirst());
        }
    }

    private static List<String> problems(Connection connection) throws SQLException {
        var problems = new ArrayList<String>();
        try (var statement = connection.createStatement();
                var rows = statement.executeQuery("PRAGMA integrity_check(" + MAX_PROBLEMS + ")")) {
            while (rows.next()) {
                var text = rows.getString(1);
                if (!text.equals("ok")) {
                    problems.add(text.replace('\n', ' '));
                }
            }
        }
        if (problems.size() == MAX_PROBLEMS) {
            problems.add(MAX_PROBLEMS + " problems and more");
        }
        return problems;
    }

    /** Of the newest format: whether it is that, and all is there. */
    void contents(Connection connection) throws SQLException, IOException {
        checkTables(connection);
        nameRowsWithoutPlace(connection);
        var books = Tally.read(connection);
        if (!books.isWhole()) {
            throw damaged("the row that says which numbers are given, and how many tasks there are");
        }
        var found = books.tally().counted(connection);
        if (!found.equals(books.tally())) {
            LOG.error(
                    "{}: rows are missing, or were added or removed by hand. What is there is used",
                    file.says("should have " + amount(books.tally()) + ", and has " + amount(found)));
            found.write(connection);
        }
    }

    private static String amount(Tally tally) {
        return tally.tasks() + " tasks and " + tally.letters() + " dead letters (sums of their ids: " + tally.taskIds()
                + " and " + tally.letterIds() + ")";
    }

    private void checkTables(Connection connection) throws SQLException, IOException {
        try (var fresh = TaskFile.connectTo(":memory:", SQLiteOpenMode.CREATE)) {
            Schema.upgrade(fresh, Schema.STEPS);
            if (!Schema.tables(connection).equals(Schema.tables(fresh))) {
                throw damaged("its tables are not those of a task log: " + Schema.tables(connection));
            }
        }
    }

    /** They come in no page of tasks. */
    private void nameRowsWithoutPlace(Connection connection) throws SQLException {
        try (var statement = connection.createStatement();
                var rows = statement.executeQuery(
                        "SELECT id FROM task WHERE position < 1 OR position > " + MAX_POSITION)) {
            while (rows.next()) {
                LOG.error(
                        "{}",
                        file.says("has a damaged row: task " + rows.getLong(1)
                                + " does not run; it stays in the log as it is"));
            }
        }
    }

    private IOException damaged(String what) {
        return new IOException(file.says("is damaged (" + what + "): " + TaskFile.REMEDY));
    }
}
