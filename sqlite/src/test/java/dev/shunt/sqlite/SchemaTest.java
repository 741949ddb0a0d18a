package dev.shunt.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.shunt.data.Data;
import dev.shunt.task.DeadTask;
import dev.shunt.task.Durability;
import dev.shunt.task.Priority;
import dev.shunt.task.StoredTask;
import dev.shunt.task.TaskLog.Entry;
import dev.shunt.task.TaskOptions;
import dev.shunt.task.Unique;
import dev.shunt.testkit.TaskLogContract;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Steps from one format to the next, most with formats made up for the purpose. */
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

    @Test
    void firstFormat_hadNoOrder_itsTasksComeByTheTimeTheyWereAccepted_andNoIdIsGivenAgain() throws Exception {
        try (var connection = connect();
                var statement = connection.createStatement()) {
            Schema.upgrade(connection, Schema.STEPS.subList(0, 1));
            for (var task : List.of(new int[] {1, 30}, new int[] {2, 10}, new int[] {9, 10})) {
                statement.execute("INSERT INTO task VALUES (" + task[0]
                        + ", '', 'TEXT', x'78', 'DISK', NULL, NULL, NULL, 0, " + task[1] + ", 0, 0)");
            }
            statement.execute("UPDATE reserved SET next = 3");
        }
        try (var log = SqliteTaskLog.at(file()).open()) {
            assertThat(TaskLogContract.kept(log, 10)).extracting(StoredTask::id).containsExactly(2L, 9L, 1L);
            assertThat(log.reserve(1) << 24).isEqualTo(3L << 40);
        }
    }

    /** As the first version of Shunt wrote it. */
    @Test
    void optionsOfOlderFiles_areRead() throws Exception {
        String options = "{\"retries\":5,\"backoff\":\"PT0.5S\",\"priority\":\"HIGH\",\"at\":\"2030-01-01T00:00:00Z\","
                + "\"deadline\":\"PT10M\",\"timeout\":\"PT7S\",\"uniqueKey\":\"u\",\"uniquePolicy\":\"REPLACE\","
                + "\"orderingKey\":\"o\",\"slot\":3}";
        try (var connection = connect();
                var statement = connection.createStatement()) {
            Schema.upgrade(connection, Schema.STEPS.subList(0, 1));
            statement.execute("INSERT INTO task VALUES (1, 'Mail', 'TEXT', x'78', 'SYNC', '" + options
                    + "', 'TEXT', x'79', 2, 30, 1, 40)");
            statement.execute("UPDATE reserved SET next = 3");
        }
        var expected = TaskOptions.DEFAULT
                .retries(5)
                .backoff(Duration.ofMillis(500))
                .priority(Priority.HIGH)
                .at(Instant.parse("2030-01-01T00:00:00Z"))
                .deadline(Duration.ofMinutes(10))
                .timeout(Duration.ofSeconds(7))
                .uniqueKey("u", Unique.Policy.REPLACE)
                .orderingKey("o")
                .slot(3)
                .durability(Durability.SYNC)
                .context("y");
        try (var log = SqliteTaskLog.at(file()).open()) {
            assertThat(TaskLogContract.kept(log, 10))
                    .containsExactly(new StoredTask(1, "Mail", Data.of("x"), expected, 2, 30, 1, 40));
        }
    }

    /** Headers are options, which are text: a file needs no other format for them. */
    @Test
    void olderFile_takesTasksWithHeaders_beforeAndAfterItIsOpenedAgain() throws Exception {
        try (var connection = connect();
                var statement = connection.createStatement()) {
            Schema.upgrade(connection, Schema.STEPS.subList(0, 1));
            statement.execute(
                    "INSERT INTO task VALUES (1, 'Mail', 'TEXT', x'78', 'DISK', NULL, NULL, NULL, 0, 10, 0, 0)");
            statement.execute("UPDATE reserved SET next = 3");
        }
        var options = TaskOptions.DEFAULT
                .retries(1)
                .header("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")
                .header("grün", "\u0000\"")
                .durability(Durability.DISK);
        var task = new StoredTask(2, "Mail", Data.of("x"), options, 0, 20, 0, 0);
        try (var log = SqliteTaskLog.at(file()).open()) {
            log.append(new Entry.Accepted(task), Durability.DISK, _ -> {});
            log.append(
                    new Entry.Died(new DeadTask(
                            new StoredTask(3, "Mail", Data.of("x"), options, 0, 20, 0, 0), "FAILED", "no", 50)),
                    Durability.DISK,
                    _ -> {});
        }
        try (var log = SqliteTaskLog.at(file()).open()) {
            var kept = TaskLogContract.kept(log, 10);
            assertThat(kept).hasSize(2);
            assertThat(kept.getFirst().options().headers()).isEmpty();
            assertThat(kept.getLast()).isEqualTo(task);
            assertThat(log.deadTasks(-1, 10).getFirst().task().options().headers())
                    .isEqualTo(options.headers());
        }
    }

    @Test
    void secondFormat_hadNoChecksums_itsTasksAndLettersGetThem() throws Exception {
        try (var connection = connect();
                var statement = connection.createStatement()) {
            Schema.upgrade(connection, Schema.STEPS.subList(0, 2));
            var columns = ", 'Mail', 'TEXT', x'78', 'DISK', '{\"retries\":5}', 'TEXT', x'79', 2, 30, 1, 40, ";
            statement.execute("INSERT INTO task VALUES (1" + columns + "1)");
            statement.execute("INSERT INTO dead VALUES (2" + columns + "'LOST', 'killed', 50)");
            statement.execute("UPDATE reserved SET next = 3");
        }
        var options = TaskOptions.DEFAULT.retries(5).durability(Durability.DISK).context("y");
        try (var log = SqliteTaskLog.at(file()).open()) {
            assertThat(TaskLogContract.kept(log, 10))
                    .containsExactly(new StoredTask(1, "Mail", Data.of("x"), options, 2, 30, 1, 40));
            assertThat(log.deadTasks(-1, 10))
                    .containsExactly(new DeadTask(
                            new StoredTask(2, "Mail", Data.of("x"), options, 2, 30, 1, 40), "LOST", "killed", 50));
            assertThat(log.reserve(1)).isEqualTo(3);
        }
    }

    private Path file() {
        return directory.resolve("steps.db");
    }

    private Connection connect() throws SQLException {
        return DriverManager.getConnection("jdbc:sqlite:" + file());
    }

    private static int b(Connection connection) throws SQLException {
        try (var statement = connection.createStatement();
                var rows = statement.executeQuery("SELECT b FROM t")) {
            rows.next();
            return rows.getInt(1);
        }
    }
}
