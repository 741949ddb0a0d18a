package dev.shunt.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.shunt.data.Data;
import dev.shunt.task.DeadTask;
import dev.shunt.task.Durability;
import dev.shunt.task.Priority;
import dev.shunt.task.StoredTask;
import dev.shunt.task.TaskLog;
import dev.shunt.task.TaskLog.Entry;
import dev.shunt.task.TaskOptions;
import dev.shunt.testkit.TaskLogContract;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/** What is its own; what every log must do is in {@code TaskLogContract}. */
class SqliteTaskLogTest {

    @TempDir
    Path directory;

    @ParameterizedTest
    @EnumSource
    void openedAgain_hasTasksLettersAndNumbers(Durability durability) throws Exception {
        var options =
                TaskOptions.DEFAULT.retries(3).deadline(Duration.ofHours(1)).context("of connection 7");
        var task = new StoredTask(4, "Mail", Data.of("text"), options.durability(durability), 2, 10, 1, 20);
        var dead = new DeadTask(task(5), "LOST", "killed", 30);
        try (var log = open()) {
            log.append(new Entry.Accepted(task), durability, failure -> {});
            log.append(new Entry.Died(dead), durability, failure -> {});
            assertThat(log.reserve(100)).isZero();
        }
        try (var log = open()) {
            assertThat(TaskLogContract.kept(log, 10)).containsExactly(task);
            assertThat(log.deadTasks(-1, 10)).containsExactly(dead);
            assertThat(log.reserve(1)).isEqualTo(100);
        }
    }

    @Test
    void close_waitsForAllThatWasAppended_andLeavesTheFileAlone() throws IOException {
        var told = new AtomicInteger();
        try (var log = open()) {
            for (long id = 0; id < 5_000; id++) {
                log.append(new Entry.Accepted(task(id)), Durability.SYNC, failure -> told.incrementAndGet());
            }
        }
        assertThat(told).hasValue(5_000);
        assertThat(directory.resolve("tasks.db-wal")).doesNotExist();
        try (var log = open()) {
            assertThat(TaskLogContract.kept(log, 10_000)).hasSize(5_000);
        }
    }

    @Test
    void openFile_canBeReadByOthers() throws Exception {
        try (var log = open()) {
            var task = new StoredTask(
                    7, "Mail", Data.of("an Ann"), TaskOptions.DEFAULT.retries(2).priority(Priority.HIGH), 0, 1, 0, 2);
            append(log, new Entry.Accepted(task));

            try (var connection = DriverManager.getConnection("jdbc:sqlite:" + file());
                    var statement = connection.createStatement();
                    var rows = statement.executeQuery("SELECT type, CAST(data AS TEXT), options, due_at FROM task")) {
                assertThat(rows.next()).isTrue();
                assertThat(List.of(rows.getString(1), rows.getString(2), rows.getString(3), rows.getLong(4)))
                        .containsExactly("Mail", "an Ann", "{\"retries\":2,\"priority\":\"HIGH\"}", 2L);
            }
            append(log, new Entry.Settled(7));
        }
    }

    @Test
    void manyThatWait_shareTheirTransactions() throws Exception {
        var commits = new AtomicInteger();
        var gate = new CountDownLatch(1);
        try (var log = SqliteTaskLog.open(file(), step -> {
            if (step == CommitStep.COMMITTED) {
                commits.incrementAndGet();
            }
        })) {
            log.append(new Entry.Accepted(task(0)), Durability.SYNC, failure -> await(gate));
            for (long id = 1; id <= 1_000; id++) {
                log.append(new Entry.Accepted(task(id)), Durability.SYNC, failure -> {});
            }
            gate.countDown();
        }
        assertThat(commits.get()).isLessThanOrEqualTo(2); // what came before the gate, and the rest
    }

    @Test
    void acceptedAndSettledInOneBatch_isToldOfBoth_andNeverWritten() throws Exception {
        var atGate = new CountDownLatch(1);
        var gate = new CountDownLatch(1);
        var told = new ArrayList<String>();
        long walBytes;
        try (var log = open()) {
            append(log, new Entry.Accepted(task(0)));
            log.append(new Entry.Settled(0), Durability.SYNC, failure -> {
                atGate.countDown();
                await(gate);
            });
            await(atGate);
            walBytes = Files.size(directory.resolve("tasks.db-wal"));
            for (long id = 1; id <= 200; id++) {
                log.append(new Entry.Accepted(task(id)), Durability.SYNC, failure -> told.add("accepted " + failure));
                log.append(new Entry.Settled(id), Durability.SYNC, failure -> told.add("settled " + failure));
            }
            gate.countDown();
            append(log, new Entry.Settled(0));

            assertThat(TaskLogContract.kept(log, 10)).isEmpty();
            assertThat(Files.size(directory.resolve("tasks.db-wal"))).isEqualTo(walBytes);
        }
        assertThat(told).hasSize(400).startsWith("accepted null", "settled null");
    }

    @Test
    void payloadThatCannotBeEncoded_isTheCallersMistake_andNobodyElses() throws Exception {
        var loop = new Object[1];
        loop[0] = loop;
        var wrong = new StoredTask(1, "", Data.of(loop), TaskOptions.DEFAULT, 0, 0, 0, 0);
        try (var log = open()) {
            assertThatThrownBy(() -> log.append(new Entry.Accepted(wrong), Durability.DISK, failure -> {}))
                    .isInstanceOf(IllegalArgumentException.class);
            append(log, new Entry.Accepted(task(2)));
            assertThat(TaskLogContract.kept(log, 10)).containsExactly(task(2));
        }
    }

    @Test
    void reserveAndClose_inDone_areRefused_andDoNotHang() throws Exception {
        try (var log = open()) {
            var thrown = new CompletableFuture<List<String>>();
            log.append(
                    new Entry.Settled(1),
                    Durability.DISK,
                    failure -> thrown.complete(List.of(mistake(() -> log.reserve(1)), mistake(log))));
            var messages = thrown.get(60, TimeUnit.SECONDS);
            assertThat(messages.getFirst()).contains("cannot reserve in done");
            assertThat(messages.getLast()).contains("cannot close in done");
        }
    }

    @Test
    void writtenToByAnotherProgram_waits() throws Exception {
        try (var log = open();
                var connection = DriverManager.getConnection("jdbc:sqlite:" + file());
                var statement = connection.createStatement()) {
            statement.execute("BEGIN IMMEDIATE");
            var kept = start(log, new Entry.Accepted(task(1)));
            assertThat(TaskLogContract.kept(log, 1)).isEmpty();
            statement.execute("COMMIT");
            assertThat(kept.get(60, TimeUnit.SECONDS)).isNull();
        }
    }

    @Test
    void diskThatFailsToSync_refusesAllUntilItIsOpenedAgain() throws Exception {
        var fails = new AtomicBoolean();
        try (var log = SqliteTaskLog.open(file(), step -> failToSync(step == CommitStep.APPLIED && fails.get()))) {
            append(log, new Entry.Accepted(task(1)));
            fails.set(true);
            assertThat(start(log, new Entry.Died(new DeadTask(task(2), "FAILED", "", 0)))
                            .get(60, TimeUnit.SECONDS))
                    .hasMessageContaining("may have lost")
                    .hasMessageContaining("started again");
            fails.set(false);
            assertThat(start(log, new Entry.Settled(1)).get(60, TimeUnit.SECONDS))
                    .hasMessageContaining("may have lost");
            assertThat(log.deadCount()).isZero();
            assertThatThrownBy(() -> log.reserve(1)).hasMessageContaining("may have lost");
        }
        try (var log = open()) {
            append(log, new Entry.Accepted(task(3)));
            assertThat(TaskLogContract.kept(log, 10)).containsExactly(task(1), task(3));
        }
    }

    /** As the driver says it when the commit waits for the disk. */
    private static void failToSync(boolean now) {
        if (now) {
            SqliteTaskLogTest.<RuntimeException>throwUnchecked(
                    new SQLiteException("disk I/O error", SQLiteErrorCode.SQLITE_IOERR_FSYNC));
        }
    }

    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
    private static <E extends Exception> void throwUnchecked(Exception thrown) throws E {
        throw (E) thrown;
    }

    private TaskLog open() throws IOException {
        return SqliteTaskLog.at(file()).open();
    }

    private Path file() {
        return directory.resolve("tasks.db");
    }

    private static void append(TaskLog log, Entry entry) throws Exception {
        assertThat(start(log, entry).get(60, TimeUnit.SECONDS)).isNull();
    }

    private static CompletableFuture<@Nullable IOException> start(TaskLog log, Entry entry) {
        var result = new CompletableFuture<@Nullable IOException>();
        log.append(entry, Durability.SYNC, result::complete);
        return result;
    }

    private static String mistake(AutoCloseable call) {
        try {
            call.close();
            return "nothing";
        } catch (Exception e) {
            return e.toString();
        }
    }

    private static void await(CountDownLatch gate) {
        try {
            assertThat(gate.await(60, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static StoredTask task(long id) {
        return new StoredTask(id, "Mail", Data.of("payload " + id), TaskOptions.DEFAULT, 0, id, 0, id);
    }
}
