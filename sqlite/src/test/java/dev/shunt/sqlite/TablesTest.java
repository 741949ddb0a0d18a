package dev.shunt.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TablesTest {

    private static final int NORMAL = 1;
    private static final int FULL = 2;

    @TempDir
    Path directory;

    @Test
    void eachTransaction_waitsForTheDisk_ifAskedTo_andOnlyThen() throws Exception {
        var file = new TaskFile(directory.resolve("tasks.db"));
        file.createIfMissing();
        try (var connection = file.openToWrite()) {
            var tables = new Tables(connection);
            for (boolean synced : new boolean[] {false, true, true, false, false, true, false, true}) {
                tables.begin(synced);
                assertThat(synchronous(connection)).isEqualTo(synced ? FULL : NORMAL);
                tables.commit();
                assertThat(synchronous(connection)).isEqualTo(synced ? FULL : NORMAL);
            }
        }
    }

    private static int synchronous(Connection connection) throws SQLException {
        try (var statement = connection.createStatement();
                var rows = statement.executeQuery("PRAGMA synchronous")) {
            rows.next();
            return rows.getInt(1);
        }
    }
}
