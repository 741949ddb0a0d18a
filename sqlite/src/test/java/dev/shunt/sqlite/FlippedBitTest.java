package dev.shunt.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.shunt.data.Data;
import dev.shunt.task.DeadTask;
import dev.shunt.task.Durability;
import dev.shunt.task.StoredTask;
import dev.shunt.task.TaskLog;
import dev.shunt.task.TaskLog.Entry;
import dev.shunt.task.TaskOptions;
import dev.shunt.task.UnreadableTaskException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/**
 * One bit of a file that is not what was written, anywhere: it is refused, or what is damaged is named and all else is as
 * it was. Nothing is changed, and nothing is missing, without a word. The seed is printed; {@code -Dflip.seed} takes it.
 */
class FlippedBitTest {

    private static final int FLIPS = 100;
    private static final int TASKS = 120;
    private static final int LETTERS = 15;
    private static final int NUMBERS = 1_000;

    @TempDir
    Path directory;

    private final long seed = Long.getLong("flip.seed", new Random().nextLong(1_000_000));
    private final Map<Long, StoredTask> tasks = new HashMap<>();
    private final Map<Long, DeadTask> letters = new HashMap<>();
    private final ListAppender<ILoggingEvent> said = new ListAppender<>();

    @BeforeEach
    void listen() {
        said.start();
        logger().addAppender(said);
    }

    @AfterEach
    void noLonger() {
        logger().detachAppender(said);
    }

    private static Logger logger() {
        return (Logger) LoggerFactory.getLogger(Inspection.class);
    }

    @Test
    void inAFileThatWasClosed_isNamedOrRefused() throws Exception {
        var written = directory.resolve("written.db");
        try (var log = open(written)) {
            fill(log);
        }
        flip(Files.readAllBytes(written), new byte[0]);
    }

    @Test
    void inAFileWhoseProgramWasKilled_isNamedOrRefused() throws Exception {
        var written = directory.resolve("written.db");
        open(written).close();
        try (var log = open(written)) {
            fill(log);
            flip(Files.readAllBytes(written), Files.readAllBytes(directory.resolve("written.db-wal")));
        }
    }

    private void fill(TaskLog log) throws Exception {
        var random = new Random(1);
        for (long id = 1; id <= TASKS; id++) {
            var options = TaskOptions.DEFAULT.durability(Durability.DISK);
            var payload = "payload of task " + id + " ".repeat(random.nextInt(id % 20 == 0 ? 9_000 : 120));
            var task = new StoredTask(
                    id << 24,
                    "dev.example.Mail",
                    Data.of(payload),
                    id % 3 == 0 ? options.retries(4).context("of " + id) : options,
                    2,
                    1_700_000_000_000L + id,
                    0,
                    1_700_000_000_000L);
            append(log, new Entry.Accepted(task));
            if (id % 5 == 0) {
                append(log, new Entry.Settled(task.id()));
            } else if (id % 7 == 0) {
                append(log, new Entry.Retried(task.id(), 1, 1_700_000_009_000L));
                tasks.put(task.id(), task.retried(1, 1_700_000_009_000L));
            } else if (id % 11 == 0) {
                append(log, new Entry.Begun(task.id(), 0, 2));
                tasks.put(task.id(), task.begun(0, 2));
            } else if (id % 8 == 0 && letters.size() < LETTERS) {
                var letter = new DeadTask(task, "FAILED", "because of " + id, 1_700_000_010_000L);
                append(log, new Entry.Died(letter));
                letters.put(task.id(), letter);
            } else {
                tasks.put(task.id(), task);
            }
        }
        log.reserve(NUMBERS);
    }

    private void flip(byte[] file, byte[] wal) throws Exception {
        var random = new Random(seed);
        int named = 0;
        for (int flip = 0; flip < FLIPS; flip++) {
            int bit = random.nextInt(8 * (file.length + wal.length));
            int at = bit / 8;
            var where = "seed " + seed + ", flip " + flip + ": bit " + (bit % 8) + " at " + at + " of " + file.length
                    + " and " + wal.length;
            var damagedFile = file.clone();
            var damagedWal = wal.clone();
            var damaged = at < file.length ? damagedFile : damagedWal;
            damaged[at < file.length ? at : at - file.length] ^= (byte) (1 << (bit % 8));
            var place = Files.createDirectory(directory.resolve("flip" + flip));
            Files.write(place.resolve("tasks.db"), damagedFile);
            if (wal.length > 0) {
                Files.write(place.resolve("tasks.db-wal"), damagedWal);
            }
            said.list.clear();
            named += check(place.resolve("tasks.db"), where);
        }
        assertThat(named).as("seed %d: flips that damaged something", seed).isGreaterThan(FLIPS / 4);
    }

    /** 1 if anything was said. */
    private int check(Path path, String where) throws Exception {
        try (var log = open(path)) {
            var damaged = new HashSet<Long>();
            var found = tasks(log, damaged);
            var foundLetters = letters(log, damaged);
            boolean isSaid = said.list.stream().anyMatch(event -> event.getLevel() == Level.ERROR);
            boolean isBehind = saidOf("write-ahead log");
            if (!isBehind) { // else what there is was right at some time, and the log says that later is missing
                found.forEach(task -> assertThat(task).as(where).isEqualTo(tasks.get(task.id())));
                foundLetters.forEach(letter -> assertThat(letter).as(where).isEqualTo(letters.get(letter.id())));
                assertThat(log.reserve(1)).as(where).isEqualTo(NUMBERS);
            }
            if (!isSaid && damaged.isEmpty()) {
                assertThat(found).as(where).hasSize(tasks.size());
                assertThat(foundLetters).as(where).hasSize(letters.size());
                return 0;
            }
            if (!isSaid) {
                assertThat(found.size() + foundLetters.size() + damaged.size())
                        .as(where)
                        .isEqualTo(tasks.size() + letters.size());
            }
            if (isBehind) {
                assertThat(path.resolveSibling("tasks.db-damaged")).exists();
                assertThat(path.resolveSibling("tasks.db-damaged-wal")).exists();
            }
            return 1;
        } catch (IOException e) {
            assertThat(e).as(where).hasMessageContaining(path.toString()).hasMessageMatching("(?s).*: .+");
            return 1;
        }
    }

    private boolean saidOf(String what) {
        return said.list.stream().anyMatch(event -> event.getFormattedMessage().contains(what));
    }

    /** As the program reads them when it is started. */
    private static List<StoredTask> tasks(TaskLog log, Set<Long> damaged) throws IOException {
        var found = new ArrayList<StoredTask>();
        long end = log.lastPosition();
        for (long after = 0; after < end; ) {
            try {
                var page = log.tasks(after, end, 50, Long.MAX_VALUE);
                found.addAll(page.tasks());
                after = page.tasks().isEmpty() ? end : page.last();
            } catch (UnreadableTaskException e) {
                assertThat(e).hasMessageContaining("task " + e.taskId());
                damaged.add(e.taskId());
                after = e.position();
            }
        }
        return found;
    }

    private static List<DeadTask> letters(TaskLog log, Set<Long> damaged) throws IOException {
        var found = new ArrayList<DeadTask>();
        for (long after = Long.MIN_VALUE; ; ) {
            try {
                var page = log.deadTasks(after, 50);
                if (page.isEmpty()) {
                    return found;
                }
                found.addAll(page);
                after = page.getLast().id();
            } catch (UnreadableTaskException e) {
                damaged.add(e.taskId());
                after = e.taskId();
            }
        }
    }

    private static TaskLog open(Path path) throws IOException {
        return SqliteTaskLog.at(path).open();
    }

    private static void append(TaskLog log, Entry entry) throws Exception {
        var result = new CompletableFuture<@Nullable IOException>();
        log.append(entry, Durability.DISK, result::complete);
        assertThat(result.get(60, TimeUnit.SECONDS)).isNull();
    }
}
