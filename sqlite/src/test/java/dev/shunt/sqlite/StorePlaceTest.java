package dev.shunt.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.shunt.data.Data;
import dev.shunt.task.Durability;
import dev.shunt.task.StoredTask;
import dev.shunt.task.TaskLog;
import dev.shunt.task.TaskLog.Entry;
import dev.shunt.task.TaskOptions;
import dev.shunt.testkit.TaskLogContract;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The file among others: who may read it, by which names it is found, and that it is still there. */
class StorePlaceTest {

    @TempDir
    Path directory;

    @Test
    void allFiles_areTheirOwnersAlone() throws Exception {
        try (var log = open(file())) {
            assertThat(append(log, 1)).isNull();
            assertThat(modes())
                    .hasSize(5)
                    .allSatisfy((_, mode) -> assertThat(mode).isEqualTo("rw-------"));
        }
    }

    @Test
    void filesThatAreOpenToOthers_areNarrowed_alsoThoseOfAProgramThatWasKilled() throws Exception {
        open(file()).close();
        for (var name : List.of("tasks.db", "tasks.db-wal", "tasks.db-shm", "tasks.db-lock", "tasks.db-lock-journal")) {
            var path = directory.resolve(name);
            if (!Files.exists(path)) {
                Files.createFile(path);
            }
            Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-rw-rw-"));
        }
        try (var log = open(file())) {
            assertThat(append(log, 1)).isNull();
            assertThat(modes())
                    .hasSize(5)
                    .allSatisfy((_, mode) -> assertThat(mode).isEqualTo("rw-------"));
        }
    }

    private Map<String, String> modes() throws IOException {
        var modes = new TreeMap<String, String>();
        try (var files = Files.list(directory)) {
            for (var path : files.toList()) {
                modes.put(
                        String.valueOf(path.getFileName()),
                        PosixFilePermissions.toString(Files.getPosixFilePermissions(path)));
            }
        }
        return modes;
    }

    @Test
    void symbolicLink_leadsToTheSameLog_andHasTheSameOwner() throws Exception {
        var link = Files.createSymbolicLink(directory.resolve("link.db"), file());
        var linked = Files.createSymbolicLink(directory.resolve("linked"), directory);
        assertThatThrownBy(() -> open(link))
                .hasMessageContaining("symbolic link")
                .hasMessageContaining("not there");
        try (var log = open(file())) {
            assertThat(append(log, 1)).isNull();
            checkInUse(link);
            checkInUse(linked.resolve("tasks.db"));
        }
        try (var log = open(link)) {
            assertThat(TaskLogContract.kept(log, 10)).extracting(StoredTask::id).containsExactly(1L);
            checkInUse(file());
        }
    }

    @Test
    void hardLink_hasTheSameOwner_andIsRefusedWithoutOne() throws Exception {
        var link = Files.createDirectory(directory.resolve("other")).resolve("link.db");
        try (var log = open(file())) {
            Files.createLink(link, file());
            checkInUse(link);
            assertThat(append(log, 1)).isNull();
        }
        for (var name : List.of(link, file())) {
            assertThatThrownBy(() -> open(name))
                    .hasMessageContaining(name.toString())
                    .hasMessageContaining("2 names (hard links)")
                    .hasMessageContaining("leave it one");
        }
        Files.delete(link);
        open(file()).close();
    }

    @Test
    void renamed_hasTheSameOwner() throws Exception {
        var other = directory.resolve("other.db");
        try (var log = open(file())) {
            Files.move(file(), other);
            checkInUse(other);
            Files.move(other, file());
            assertThat(append(log, 1)).isNull();
        }
    }

    private static void checkInUse(Path name) {
        assertThatThrownBy(() -> open(name))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(name.toString())
                .hasMessageContaining("is in use")
                .hasMessageContaining("fuser");
    }

    @ParameterizedTest
    @ValueSource(strings = {"tasks.db", "tasks.db-wal", "tasks.db-shm"})
    void movedAway_nothingIsKeptUntilItIsBack(String name) throws Exception {
        var path = directory.resolve(name);
        try (var log = open(file())) {
            assertThat(append(log, 1)).isNull();
            Files.move(path, directory.resolve("away"));
            assertThat(append(log, 2))
                    .hasMessageContaining(file().toString())
                    .hasMessageContaining(path + " is gone")
                    .hasMessageContaining("Put it back");
            Files.createFile(path);
            assertThat(append(log, 3)).hasMessageContaining("is not the file");
            Files.delete(path);
            Files.move(directory.resolve("away"), path);
            assertThat(append(log, 4)).isNull();
        }
        try (var log = open(file())) {
            assertThat(TaskLogContract.kept(log, 10)).extracting(StoredTask::id).containsExactly(1L, 4L);
        }
    }

    @Test
    void directoryOfTheFileIsRenamed_isNoticed() throws Exception {
        var inner = Files.createDirectory(directory.resolve("inner"));
        try (var log = open(inner.resolve("tasks.db"))) {
            assertThat(append(log, 1)).isNull();
            Files.move(inner, directory.resolve("renamed"));
            assertThat(append(log, 2)).hasMessageContaining("is gone");
            Files.move(directory.resolve("renamed"), inner);
            assertThat(append(log, 3)).isNull();
        }
    }

    @Test
    void removedWriteAheadLog_losesNothingThatWasConfirmed() throws Exception {
        try (var log = open(file())) {
            assertThat(append(log, 1)).isNull();
            Files.delete(directory.resolve("tasks.db-wal"));
            assertThat(append(log, 2)).hasMessageContaining("tasks.db-wal is gone");
            var copy = Files.copy(file(), directory.resolve("copy.db")); // as a kill would leave it
            try (var left = open(copy)) {
                assertThat(TaskLogContract.kept(left, 10))
                        .extracting(StoredTask::id)
                        .containsExactly(1L);
            }
        }
    }

    private Path file() {
        return directory.resolve("tasks.db");
    }

    private static TaskLog open(Path path) throws IOException {
        return SqliteTaskLog.at(path).open();
    }

    private static @Nullable IOException append(TaskLog log, long id) throws Exception {
        var result = new CompletableFuture<@Nullable IOException>();
        var task = new StoredTask(id, "Mail", Data.of("payload"), TaskOptions.DEFAULT, 0, 0, 0, 0);
        log.append(new Entry.Accepted(task), Durability.DISK, result::complete);
        return result.get(60, TimeUnit.SECONDS);
    }
}
