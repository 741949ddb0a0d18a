package dev.shunt.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.shunt.data.Data;
import dev.shunt.task.TaskLog.Entry;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What is its own; what every log must do is in {@code TaskLogContract}. */
class MemoryTaskLogTest {

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "MEMORY")
    void taskThatMustOutliveTheManager_isRefused_withTheRemedy(Durability durability) throws IOException {
        var log = new MemoryTaskLog();

        assertThat(append(log, new Entry.Accepted(task(7)), durability))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("task 7")
                .hasMessageContaining(durability.name())
                .hasMessageContaining("taskLog(SqliteTaskLog.at(file))");
        assertThat(log.taskCount()).isZero();
        assertThat(log.outlivesProcess()).isFalse();
    }

    @Test
    void tooManyLetters_theOneThatDiedFirstGoes_andIsCounted() throws IOException {
        var log = new MemoryTaskLog(2, 1_000);
        die(log, 3, "");
        die(log, 1, "");
        die(log, 2, "");

        assertThat(log.deadTasks(-1, 10)).extracting(DeadTask::id).containsExactly(1L, 2L);
        assertThat(log.dropped()).isOne();
    }

    @Test
    void tooManyBytes_theOnesThatDiedFirstGo() throws IOException {
        var log = new MemoryTaskLog(100, 1_000);
        die(log, 1, "x".repeat(500));
        die(log, 2, "x".repeat(500));
        assertThat(log.dropped()).isZero();

        die(log, 3, "x".repeat(501));
        assertThat(log.deadTasks(-1, 10)).extracting(DeadTask::id).containsExactly(3L);
        assertThat(log.dropped()).isEqualTo(2);
    }

    @Test
    void letterTooLargeForAll_isDropped_andNewOnesFit() throws IOException {
        var log = new MemoryTaskLog(100, 1_000);
        die(log, 1, "x".repeat(1_001));
        assertThat(log.deadCount()).isZero();

        die(log, 2, "x".repeat(1_000));
        assertThat(log.deadTasks(-1, 10)).extracting(DeadTask::id).containsExactly(2L);
    }

    @Test
    void lettersThatLeave_makeRoom() throws IOException {
        var log = new MemoryTaskLog(2, 1_000);
        die(log, 1, "x".repeat(600));
        append(log, new Entry.Discarded(1), Durability.MEMORY);
        die(log, 2, "x".repeat(600));
        append(log, new Entry.Revived(2, 0), Durability.MEMORY);
        die(log, 3, "x".repeat(600));
        die(log, 3, "x".repeat(700));

        assertThat(log.dropped()).isZero();
        assertThat(log.deadCount()).isOne();
    }

    @Test
    void negativeBounds_areAMistake() {
        assertThatThrownBy(() -> new MemoryTaskLog(-1, 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("-1");
        assertThatThrownBy(() -> new MemoryTaskLog(1, -1)).isInstanceOf(IllegalArgumentException.class);
    }

    private static void die(TaskLog log, long id, String payload) {
        var task = new StoredTask(id, "", Data.of(payload), TaskOptions.DEFAULT, 0, 0, 1, 0);
        assertThat(append(log, new Entry.Died(new DeadTask(task, "FAILED", "", 0)), Durability.MEMORY))
                .isNull();
    }

    private static @Nullable IOException append(TaskLog log, Entry entry, Durability durability) {
        var result = new AtomicReference<@Nullable IOException>(new IOException("not told"));
        log.append(entry, durability, result::set);
        return result.get();
    }

    private static StoredTask task(long id) {
        return new StoredTask(id, "", Data.empty(), TaskOptions.DEFAULT, 0, 0, 0, 0);
    }
}
