package dev.shunt.sqlite;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.shunt.data.Data;
import dev.shunt.task.DeadTask;
import dev.shunt.task.Durability;
import dev.shunt.task.StoredTask;
import dev.shunt.task.TaskLog.Entry;
import dev.shunt.task.TaskOptions;
import dev.shunt.task.UnreadableTaskException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.Random;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files that are not a whole task log: each is refused with its name and a remedy, and left as it is. */
class RefusedFileTest {

    @TempDir
    Path directory;

    private Path file = Path.of("");

    @BeforeEach
    void name() {
        file = directory.resolve("tasks.db");
    }

    @Test
    void garbage_isRefused() throws IOException {
        byte[] garbage = new byte[10_000];
        new Random(1).nextBytes(garbage);
        Files.write(file, garbage);
        checkRefused("not a database", "restore", "move it away");
    }

    @Test
    void text_isRefused() throws IOException {
        Files.writeString(file, "tasks:\n - none\n");
        checkRefused("not a database");
    }

    @Test
    void emptyFile_isRefused_forItMayHaveBeenALog() throws IOException {
        Files.createFile(file);
        checkRefused("is empty", "restore");
    }

    @Test
    void truncated_anywhere_isRefused() throws IOException {
        write(300);
        byte[] whole = Files.readAllBytes(file);
        assertThat(whole.length).isGreaterThan(50_000);
        for (int length = 0; length < whole.length; length += 1_531) {
            Files.write(file, Arrays.copyOf(whole, length));
            checkRefused("restore");
        }
    }

    @Test
    void damagedPages_areRefused() throws IOException {
        write(300);
        byte[] whole = Files.readAllBytes(file);
        for (int page = 4_096; page + 4_096 < whole.length; page += 4_096) {
            byte[] damaged = whole.clone();
            Arrays.fill(damaged, page, page + 300, (byte) 0x5a);
            Files.write(file, damaged);
            checkRefused("damaged", "restore");
        }
    }

    @Test
    void rowThatMakesNoSense_isNamed_andHoldsUpNoOther() throws Exception {
        write(3);
        change("UPDATE task SET options = '{\"retries\":\"many\"}' WHERE id = 2");
        try (var log = SqliteTaskLog.at(file).open()) {
            var first = log.tasks(0, Long.MAX_VALUE, 10, Long.MAX_VALUE);
            assertThat(first.tasks()).extracting(StoredTask::id).containsExactly(1L);
            long damaged = checkUnreadable(() -> log.tasks(first.last(), Long.MAX_VALUE, 10, Long.MAX_VALUE));
            assertThat(log.tasks(damaged, Long.MAX_VALUE, 10, Long.MAX_VALUE).tasks())
                    .extracting(StoredTask::id)
                    .containsExactly(3L);
            assertThat(checkUnreadable(() -> log.task(2))).isEqualTo(damaged);
            assertThat(log.taskCount()).isEqualTo(3);
        }
    }

    private long checkUnreadable(ThrowingCallable read) {
        var thrown = catchThrowableOfType(UnreadableTaskException.class, read);
        assertThat(thrown)
                .hasMessageContaining(file.toString())
                .hasMessageContaining("task 2")
                .hasMessageContaining("many");
        assertThat(thrown.taskId()).isEqualTo(2);
        return thrown.position();
    }

    @Test
    void letterThatMakesNoSense_isNamed_andCanBeDiscarded() throws Exception {
        try (var log = SqliteTaskLog.at(file).open()) {
            for (long id = 1; id <= 3; id++) {
                log.append(new Entry.Died(new DeadTask(task(id), "FAILED", "", 0)), Durability.DISK, failure -> {});
            }
        }
        change("UPDATE dead SET kind = 'SECRET' WHERE id = 2");
        try (var log = SqliteTaskLog.at(file).open()) {
            assertThat(log.deadTasks(-1, 10)).extracting(DeadTask::id).containsExactly(1L);
            assertThatThrownBy(() -> log.deadTasks(1, 10))
                    .isInstanceOf(UnreadableTaskException.class)
                    .hasMessageContaining("task 2")
                    .hasMessageContaining("SECRET");
            assertThat(log.deadTasks(2, 10)).extracting(DeadTask::id).containsExactly(3L);
            assertThat(log.deadCount()).isEqualTo(3);
        }
    }

    @Test
    void databaseOfSomethingElse_isRefused() throws SQLException {
        change("CREATE TABLE customer (name TEXT)");
        checkRefused("an SQLite database, but not a task log");
    }

    @Test
    void newerFormat_isRefused() throws Exception {
        write(1);
        change("PRAGMA user_version = 7");
        checkRefused("format 7", "up to 3", "newer");
    }

    @Test
    void missingFile_whoseWriteAheadLogIsThere_isRefused() throws IOException {
        Files.writeString(directory.resolve("tasks.db-wal"), "not empty");
        checkRefused("is missing", "tasks.db-wal", "put the file back");
        assertThat(file).doesNotExist();
    }

    @Test
    void directory_isRefused() throws IOException {
        Files.createDirectory(file);
        checkRefused("is a directory");
    }

    @Test
    void missingDirectory_isRefused() {
        file = directory.resolve("missing").resolve("tasks.db");
        checkRefused("is not a directory: create it");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/proc/tasks.db", "/sys/tasks.db"}) // where not even root may create a file
    void placeThatMayNotBeWritten_isRefused(String place) {
        file = Path.of(place);
        checkRefused("May this user");
    }

    @Test
    void device_isRefused() {
        file = Path.of("/dev/null");
        checkRefused("neither a file nor missing");
    }

    @Test
    void nameWithAQuestionMark_isRefused() {
        file = directory.resolve("tasks?.db");
        checkRefused("'?'");
    }

    @Test
    void secondLogOfTheSameProgram_isRefused_andTheFirstStaysLocked() throws IOException {
        try (var first = SqliteTaskLog.at(file).open()) {
            checkRefused("is in use");
            checkRefused("is in use");
            assertThat(first.reserve(1)).isZero();
        }
        SqliteTaskLog.at(file).open().close();
    }

    @Test
    void refused_leavesNoLock() throws IOException {
        Files.createFile(file);
        checkRefused("is empty");
        Files.delete(file);
        SqliteTaskLog.at(file).open().close();
    }

    private void checkRefused(String... saying) {
        assertThatThrownBy(() -> SqliteTaskLog.at(file).open())
                .isInstanceOf(IOException.class)
                .hasMessageContaining(file.toString())
                .hasMessageContainingAll(saying);
    }

    private void write(int tasks) throws IOException {
        try (var log = SqliteTaskLog.at(file).open()) {
            for (long id = 1; id <= tasks; id++) {
                log.append(new Entry.Accepted(task(id)), Durability.DISK, failure -> {});
            }
        }
    }

    private static StoredTask task(long id) {
        var data = Data.of(("payload " + id + " ").repeat(20).getBytes(UTF_8));
        return new StoredTask(id, "Mail", data, TaskOptions.DEFAULT, 0, 0, 0, 0);
    }

    private void change(String command) throws SQLException {
        try (var connection = DriverManager.getConnection("jdbc:sqlite:" + file);
                var statement = connection.createStatement()) {
            statement.execute(command);
        }
    }
}
