package dev.shunt.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shunt.task.StoredTask;
import dev.shunt.testing.Programs;
import dev.shunt.testkit.TaskLogContract;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

@Tag("processes")
class FullDiskTest {

    @RegisterExtension
    static final Programs programs = new Programs();

    @TempDir
    Path directory;

    @Test
    void noRoom_isSaid_whatWasKeptStays_andNewTasksAreKeptOnceThereIsRoom() throws IOException {
        var file = directory.resolve("tasks.db");
        var program = programs.start(FullDisk.class, file);
        program.awaitLine("^end$");
        program.kill();
        program.exitCode();

        var refused = program.awaitLines("^refused (\\d+) (.*)", 4);
        assertThat(refused)
                .hasSize(4)
                .allSatisfy(line ->
                        assertThat(line.group(2)).contains(file.toString(), "keeps none of 1 entries", "ulimit -f"));
        var kept = program.lines().stream()
                .filter(line -> line.startsWith("kept "))
                .map(line -> Long.parseLong(line.substring("kept ".length())))
                .toList();
        assertThat(program.awaitLine("^reads (\\d+)").group(1)).isEqualTo(Integer.toString(kept.size() - 50));
        try (var log = SqliteTaskLog.at(file).open()) {
            assertThat(TaskLogContract.kept(log, 1_000))
                    .extracting(StoredTask::id)
                    .containsExactlyElementsOf(kept);
        }
    }
}
