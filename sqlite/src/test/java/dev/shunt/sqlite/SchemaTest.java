package dev.shunt.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Steps from one format to the next, with formats made up for the purpose: there is only one so far. */
@Timeout(30)
class SchemaTest {

    private static final List<List<String>> ONE = List.of(List.of("CREATE TABLE t (a)", "INSERT INTO t VALUES (1)"));
    private static final List<List<String>> THREE = List.of(
            ONE.getFirst(),
            List.of("ALTER TABLE t ADD COLUMN b", "UPDATE t SET b = a + 1"),
            List.of("UPDATE t SET b = b * 10"));

    @TempDir
    Path directory;

    @Test
    void olderFormat_takesTheStepsThatAreMissing_inOrder() throws SQLException {
        try (var connection = connect()) {
            Schema.upgrade(connection, ONE);
            Schema.upgrade(connection, THREE);
            Schema.upgrade(connection, THREE);

            assertThat(Schema.version(connection)).isEqualTo(3);
            assertThat(b(connection)).isEqualTo(20);
        }
    }

    @Test
    void stepThatFails_leavesTheFormatAsItWas() throws SQLException {
        var broken = new ArrayList<>(THREE);
        broken.add(List.of("UPDATE t SET b = 0", "UPDATE missing SET b = 0"));
        try (var connection = connect()) {
            Schema.upgrade(connection, THREE);
            assertThatThrownBy(() -> Schema.upgrade(connection, broken)).hasMessageContaining("missing");
        }
        try (var connection = connect()) {
            assertThat(Schema.version(connection)).isEqualTo(3);
            assertThat(b(connection)).isEqualTo(20);
        }
    }

    private Connection connect() throws SQLException {
        return DriverManager.getConnection("jdbc:sqlite:" + directory.resolve("steps.db"));
    }

    private static int b(Connection connection) throws SQLException {
        try (var statement = connection.createStatement();
                var rows = statement.executeQuery("SELECT b FROM t")) {
            rows.next();
            return rows.getInt(1);
        }
    }
}
