package dev.shunt.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a loss of power can leave behind: a write-ahead log whose end is missing, or is there without its contents. Written
 * once, one commit for each entry; then opened again and again, cut at every place that matters.
 */
class PowerLossTest {

    private static final int ENTRIES = 40;
    private static final int HEADER = 32;
    private static final int FRAME = 24 + 4_096;

    /** How long the write-ahead log was when so many entries were committed. */
    private record Committed(int entries, long walBytes) {}

    @TempDir
    Path directory;

    private final long seed = new Random().nextLong(1_000_000);
    private final Script script = new Script(seed);
    private final List<Committed> commits = new ArrayList<>();
    private byte[] file = {};
    private byte[] wal = {};
    private byte[] checkpointed = {};

    @BeforeEach
    void write() throws Exception {
        var path = directory.resolve("written.db");
        SqliteTaskLog.at(path).open().close();
        file = Files.readAllBytes(path);
        try (var log = SqliteTaskLog.open(path, this::reached)) {
            for (int index = 0; index < ENTRIES; index++) {
                var told = new CountDownLatch(1);
                log.append(script.entry(index), script.durability(index), failure -> told.countDown());
                assertThat(told.await(60, TimeUnit.SECONDS)).isTrue();
            }
        }
        checkpointed = Files.readAllBytes(path);
        assertThat(commits).hasSize(ENTRIES);
    }

    private void reached(CommitStep step) {
        if (step == CommitStep.COMMITTED) {
            try {
                wal = Files.readAllBytes(directory.resolve("written.db-wal"));
                commits.add(new Committed(commits.size() + 1, wal.length));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    @Test
    void endOfTheWriteAheadLog_isMissing_whatWasCommittedBeforeIsThere() throws IOException {
        var model = script.new Model();
        for (int length : cuts()) {
            checkOpens(model, file, Arrays.copyOf(wal, length));
        }
    }

    @Test
    void endOfTheWriteAheadLog_isZeros_whatWasCommittedBeforeIsThere() throws IOException {
        var model = script.new Model();
        for (int length : cuts()) {
            checkOpens(model, file, Arrays.copyOf(Arrays.copyOf(wal, length), wal.length));
        }
    }

    @Test
    void halfACheckpoint_isDoneAgain() throws IOException {
        assertThat(checkpointed.length).isGreaterThan(file.length);
        for (int length = 1_000; length < checkpointed.length; length += 1_000) {
            var half = ByteBuffer.allocate(Math.max(length, file.length)).put(file);
            half.put(0, checkpointed, 0, length);
            checkOpens(script.new Model(), half.array(), wal);
        }
    }

    private void checkOpens(Script.Model model, byte[] fileLeft, byte[] walLeft) throws IOException {
        var place = Files.createTempDirectory(directory, "cut");
        Files.write(place.resolve("tasks.db"), fileLeft);
        Files.write(place.resolve("tasks.db-wal"), walLeft);
        try (var log = SqliteTaskLog.at(place.resolve("tasks.db")).open()) {
            int mismatch = Arrays.mismatch(walLeft, wal);
            int same = mismatch < 0 ? wal.length : mismatch;
            int entries = commits.stream()
                    .filter(commit -> commit.walBytes() <= same)
                    .mapToInt(Committed::entries)
                    .max()
                    .orElse(0);
            assertThat(model.after(entries).isIn(log))
                    .as("seed %d, %d of %d bytes left: the first %d entries", seed, same, wal.length, entries)
                    .isTrue();
        }
    }

    /** At, just before and after each frame's end, and within its head and page. */
    private Set<Integer> cuts() {
        var cuts = new TreeSet<>(List.of(0, 1, HEADER - 1));
        for (int end = HEADER; end <= wal.length; end += FRAME) {
            cuts.addAll(List.of(end - 1, end, end + 1, end + 24, end + 2_000));
        }
        cuts.removeIf(cut -> cut > wal.length);
        return cuts;
    }
}
