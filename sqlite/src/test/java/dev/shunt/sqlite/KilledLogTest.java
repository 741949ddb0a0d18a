package dev.shunt.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.shunt.testing.Launch;
import dev.shunt.testing.Program;
import dev.shunt.testing.Programs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Processes that die while they write, and what is in the file when it is opened again: each goes on with it. */
@Tag("processes")
class KilledLogTest {

    @RegisterExtension
    static final Programs programs = new Programs();

    private static final int UNDER_WAY = 40;

    @TempDir
    Path directory;

    private final long seed = new Random().nextLong(1_000_000);
    private final Script script = new Script(seed);
    private final Script.Model model = script.new Model();

    @Test
    void halted_atEveryStepOfACommit_hasAllThatWasAcknowledged_andNoHalfEntry() throws IOException {
        int entries = 0;
        var halted = new HashSet<String>();
        for (int step = 1; step <= 2 * CommitStep.values().length; step++) {
            var scribe = start(entries, step);
            assertThat(scribe.exitCode()).isEqualTo(9);
            halted.add(scribe.awaitLine("^halts when (.*)").group(1));
            entries = reopened(entries, scribe);
        }
        assertThat(halted).hasSameSizeAs(CommitStep.values());
    }

    @Test
    void killed_atAnyMoment_hasAllThatWasAcknowledged_andNoHalfEntry() throws IOException {
        int entries = 0;
        var random = new Random(seed);
        for (int round = 0; round < 6; round++) {
            var scribe = start(entries, 0);
            scribe.awaitLines("^kept ", 1 + random.nextInt(3_000));
            scribe.kill();
            assertThat(scribe.exitCode()).isEqualTo(128 + 9);
            int before = entries;
            entries = reopened(entries, scribe);
            assertThat(entries).isGreaterThan(before);
        }
    }

    @Test
    void fileInUse_isRefused_untilItsProgramIsKilled() throws IOException {
        var scribe = start(0, 0);
        scribe.awaitLines("^kept ", 10);

        assertThatThrownBy(() -> SqliteTaskLog.at(file()).open())
                .isInstanceOf(IOException.class)
                .hasMessageContaining(file().toString())
                .hasMessageContaining("is in use by another program")
                .hasMessageContaining("fuser " + file() + "-lock");
        assertThat(scribe.isAlive()).isTrue();

        scribe.kill();
        scribe.exitCode();
        SqliteTaskLog.at(file()).open().close();
    }

    @Test
    void fileInUse_isRefused_byAnyOfItsNames() throws IOException {
        var scribe = start(0, 0);
        scribe.awaitLines("^kept ", 10);
        var symbolic = Files.createSymbolicLink(directory.resolve("symbolic.db"), file());
        var hard = Files.createLink(
                Files.createDirectory(directory.resolve("other")).resolve("hard.db"), file());
        for (var name : List.of(symbolic, hard)) {
            assertThatThrownBy(() -> SqliteTaskLog.at(name).open())
                    .hasMessageContaining(name.toString())
                    .hasMessageContaining("is in use by another program");
        }
        Files.delete(hard);
        var moved = Files.move(file(), directory.resolve("other").resolve("moved.db"));
        assertThatThrownBy(() -> SqliteTaskLog.at(moved).open()).hasMessageContaining("is in use by another program");
        scribe.awaitLine("^failed .*it was moved, removed or replaced");
        scribe.kill();
        scribe.exitCode();
    }

    @Test
    void killed_leavesNothingInTheDirectoryOfTemporaryFiles() throws IOException {
        var scribe = start(0, 0);
        scribe.awaitLines("^kept ", 10);
        scribe.kill();
        scribe.exitCode();

        try (var left = Files.list(programs.directory())) {
            assertThat(left.map(path -> path.getFileName().toString())).noneMatch(name -> name.contains("sqlite"));
        }
    }

    private Program start(int from, int step) {
        return programs.start(Launch.of(Scribe.class, file(), seed, from, step).withOptions("-XX:TieredStopAtLevel=1"));
    }

    /**
     * How many entries are in the log after the death of its writer: all that were acknowledged, and perhaps the next
     * ones.
     */
    private int reopened(int from, Program scribe) throws IOException {
        assertThat(scribe.lines()).noneMatch(line -> line.startsWith("failed"));
        List<String> kept =
                scribe.lines().stream().filter(line -> line.startsWith("kept ")).toList();
        for (int i = 0; i < kept.size(); i++) {
            assertThat(kept.get(i)).isEqualTo("kept " + (from + i));
        }
        int acknowledged = from + kept.size();
        try (var log = SqliteTaskLog.at(file()).open()) {
            return model.countIn(log, acknowledged, acknowledged + UNDER_WAY);
        }
    }

    private Path file() {
        return directory.resolve("tasks.db");
    }
}
