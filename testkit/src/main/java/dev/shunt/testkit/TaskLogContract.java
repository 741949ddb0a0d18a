package dev.shunt.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.shunt.data.Codec;
import dev.shunt.data.Data;
import dev.shunt.task.DeadTask;
import dev.shunt.task.Durability;
import dev.shunt.task.Priority;
import dev.shunt.task.StoredTask;
import dev.shunt.task.TaskLog;
import dev.shunt.task.TaskLog.Entry;
import dev.shunt.task.TaskLog.Page;
import dev.shunt.task.TaskOptions;
import dev.shunt.task.Unique;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.LongStream;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every {@link TaskLog} must do while it is open. Extended by the tests of each. */
@NullUnmarked // its log is there before each test
public abstract class TaskLogContract {

    /** Of whatever {@link #open} gave last. */
    protected TaskLog log;

    /** Opens a new and empty log. */
    protected abstract TaskLog open() throws IOException;

    /** The most that this log can promise. */
    protected abstract Durability strongest();

    @BeforeEach
    final void openLog() throws IOException {
        log = open();
    }

    @AfterEach
    final void closeLog() throws IOException {
        log.close();
    }

    @Test
    void newLog_isEmpty_andReservesFromZero() throws IOException {
        assertThat(kept(log, 10)).isEmpty();
        assertThat(log.deadTasks(Long.MIN_VALUE, 10)).isEmpty();
        assertThat(log.deadCount()).isZero();
        assertThat(log.dead(1)).isEmpty();
        assertThat(log.reserve(1)).isZero();
    }

    @Test
    void accepted_isKept_withAllThatBelongsToIt() throws IOException {
        var tasks = new ArrayList<StoredTask>();
        for (var options : everyOption()) {
            for (var data : everyKindOfData()) {
                tasks.add(new StoredTask(tasks.size(), "com.example.Mail", data, options, 3, 1_000, 2, 5_000));
            }
        }
        tasks.add(new StoredTask(Long.MAX_VALUE, "", Data.of("x"), TaskOptions.DEFAULT, -1, -5, 0, Long.MAX_VALUE));
        for (var task : tasks) {
            append(new Entry.Accepted(task));
        }

        assertThat(kept(log, Integer.MAX_VALUE)).containsExactlyElementsOf(tasks);
    }

    @Test
    void tasks_comeInTheOrderInWhichTheyWereAccepted_aPageAtATime() throws IOException {
        assertThat(log.lastPosition()).isZero();
        for (long id : List.of(7L, 3L, 11L, 5L)) {
            append(new Entry.Accepted(task(id)));
        }
        append(new Entry.Settled(11));
        append(new Entry.Retried(7, 1, 5));

        var page = log.tasks(0, Long.MAX_VALUE, 2, Long.MAX_VALUE);
        assertThat(page.tasks()).extracting(StoredTask::id).containsExactly(7L, 3L);
        var next = log.tasks(page.last(), Long.MAX_VALUE, 2, Long.MAX_VALUE);
        assertThat(next.tasks()).extracting(StoredTask::id).containsExactly(5L);
        assertThat(next.last()).isEqualTo(log.lastPosition());
        assertThat(log.tasks(next.last(), Long.MAX_VALUE, 2, Long.MAX_VALUE))
                .isEqualTo(new Page(List.of(), next.last()));
        assertThat(kept(log, 0)).isEmpty();
        assertThat(log.task(3)).contains(task(3));
        assertThat(log.task(11)).isEmpty();
    }

    @Test
    void tasks_upToAPosition_areThoseThatWereAcceptedByThen_revivedOnesAreAcceptedAnew() throws IOException {
        append(new Entry.Accepted(task(1)));
        append(new Entry.Accepted(task(2)));
        append(new Entry.Died(letter(1)));
        long then = log.lastPosition();
        append(new Entry.Revived(1, 600));
        append(new Entry.Accepted(task(0)));

        assertThat(log.tasks(0, then, 10, Long.MAX_VALUE).tasks())
                .extracting(StoredTask::id)
                .containsExactly(2L);
        assertThat(kept(log, 10)).extracting(StoredTask::id).containsExactly(2L, 1L, 0L);
    }

    @Test
    void page_hasNoMoreThanSoManyBytes_butOneTask() throws IOException {
        for (long id = 0; id < 5; id++) {
            append(new Entry.Accepted(
                    new StoredTask(id, "", Data.of(new byte[1_000]), TaskOptions.DEFAULT, 0, 0, 0, 0)));
        }

        assertThat(log.tasks(0, Long.MAX_VALUE, 10, 2_001).tasks()).hasSize(3);
        assertThat(log.tasks(0, Long.MAX_VALUE, 10, 2_000).tasks()).hasSize(2);
        assertThat(log.tasks(0, Long.MAX_VALUE, 10, 1).tasks()).hasSize(1);
    }

    @Test
    void retried_changesAttemptsAndDueTime_andNothingElse() throws IOException {
        append(new Entry.Accepted(task(1)));
        append(new Entry.Retried(1, 4, 9_000));
        append(new Entry.Retried(2, 4, 9_000));

        assertThat(kept(log, 10)).containsExactly(task(1).retried(4, 9_000));
    }

    @Test
    void begun_changesAttemptsAndDeaths_andIsDue_untilItIsRetriedOrTakenBack() throws IOException {
        append(new Entry.Accepted(task(1)));
        append(new Entry.Begun(1, 4, 2));
        append(new Entry.Begun(2, 4, 2));
        assertThat(kept(log, 10)).containsExactly(task(1).begun(4, 2));
        append(new Entry.Begun(1, 4, 0));
        assertThat(kept(log, 10)).containsExactly(task(1).begun(4, 0));
        append(new Entry.Begun(1, 4, 3));
        append(new Entry.Retried(1, 5, 9_000));
        assertThat(kept(log, 10)).containsExactly(task(1).retried(5, 9_000));
    }

    @Test
    void settled_isNoLongerKept_andOthersAre() throws IOException {
        append(new Entry.Accepted(task(1)));
        append(new Entry.Accepted(task(2)));
        append(new Entry.Settled(1));
        append(new Entry.Settled(3));

        assertThat(kept(log, 10)).containsExactly(task(2));
        assertThat(log.taskCount()).isOne();
        assertThat(log.deadCount()).isZero();
    }

    @Test
    void died_movesATask_amongTheDeadLetters() throws IOException {
        append(new Entry.Accepted(task(1)));
        append(new Entry.Died(letter(1)));

        assertThat(kept(log, 10)).isEmpty();
        assertThat(log.dead(1)).contains(letter(1));
        assertThat(log.deadCount()).isOne();
    }

    @Test
    void died_ofATaskThatWasNotKept_isADeadLetterAllTheSame() throws IOException {
        append(new Entry.Died(letter(1)));

        assertThat(log.deadTasks(-1, 10)).containsExactly(letter(1));
    }

    @Test
    void died_twice_isOneLetter_theLast() throws IOException {
        append(new Entry.Died(letter(1)));
        var second = new DeadTask(task(1), "LOST", "its child was killed", 77);
        append(new Entry.Died(second));

        assertThat(log.deadTasks(-1, 10)).containsExactly(second);
        assertThat(log.deadCount()).isOne();
    }

    @Test
    void deadTasks_comeInTheOrderOfTheirIds_aPageAtATime() throws IOException {
        for (long id : List.of(7L, 3L, 11L)) {
            append(new Entry.Died(letter(id)));
        }

        assertThat(log.deadTasks(-1, 2)).extracting(DeadTask::id).containsExactly(3L, 7L);
        assertThat(log.deadTasks(7, 2)).extracting(DeadTask::id).containsExactly(11L);
        long bytes = letter(3).task().data().size();
        assertThat(log.deadTasks(-1, 10, bytes + 1)).extracting(DeadTask::id).containsExactly(3L, 7L);
        assertThat(log.deadTasks(-1, 10, bytes)).extracting(DeadTask::id).containsExactly(3L);
        assertThat(log.deadTasks(3, 10, 1)).extracting(DeadTask::id).containsExactly(7L);
        assertThat(log.deadCount()).isEqualTo(3);
    }

    @Test
    void revived_isATaskAgain_withoutAttempts() throws IOException {
        var task = task(1).retried(3, 400);
        append(new Entry.Died(new DeadTask(task, "FAILED", "it threw", 500)));
        append(new Entry.Revived(1, 600));
        append(new Entry.Revived(2, 600));

        assertThat(kept(log, 10)).containsExactly(task.revived(600));
        assertThat(log.deadCount()).isZero();
    }

    @Test
    void discarded_isGone() throws IOException {
        append(new Entry.Died(letter(1)));
        append(new Entry.Died(letter(2)));
        append(new Entry.Discarded(1));
        append(new Entry.Discarded(3));

        assertThat(log.deadTasks(-1, 10)).containsExactly(letter(2));
        assertThat(kept(log, 10)).isEmpty();
    }

    @Test
    void appendedWithoutWaiting_takesEffectInItsOrder() throws Exception {
        var all = new ArrayList<CompletableFuture<Void>>();
        for (long id = 0; id < 500; id++) {
            all.add(start(new Entry.Accepted(task(id))));
            all.add(start(new Entry.Retried(id, 1, id)));
            switch ((int) (id % 5)) {
                case 0 -> all.add(start(new Entry.Settled(id)));
                case 1 -> all.add(start(new Entry.Died(letter(id))));
                case 2 -> {
                    all.add(start(new Entry.Died(letter(id))));
                    all.add(start(new Entry.Revived(id, 5 * id)));
                }
                case 3 -> {
                    all.add(start(new Entry.Settled(id)));
                    all.add(start(new Entry.Retried(id, 9, 9)));
                    all.add(start(new Entry.Died(letter(id))));
                    all.add(start(new Entry.Discarded(id)));
                }
                default -> {}
            }
        }
        CompletableFuture.allOf(all.toArray(CompletableFuture[]::new)).get(60, TimeUnit.SECONDS);

        assertThat(log.deadTasks(-1, 1_000)).extracting(DeadTask::id).containsExactlyElementsOf(every(5, 1));
        assertThat(kept(log, 1_000)).allSatisfy(task -> {
            long id = task.id();
            assertThat(task).isEqualTo(id % 5 == 2 ? task(id).revived(5 * id) : task(id).retried(1, id));
        });
        assertThat(kept(log, 1_000))
                .extracting(StoredTask::id)
                .containsExactlyElementsOf(LongStream.range(0, 500)
                        .filter(id -> id % 5 == 2 || id % 5 == 4)
                        .boxed()
                        .toList());
    }

    @Test
    void done_isCalledOnce_inTheOrderOfTheEntries() throws Exception {
        var told = new CopyOnWriteArrayList<Long>();
        for (long id = 0; id < 2_000; id++) {
            long number = id;
            log.append(new Entry.Settled(id), strongest(), failure -> told.add(number));
        }
        append(new Entry.Settled(0));

        assertThat(told)
                .containsExactlyElementsOf(LongStream.range(0, 2_000).boxed().toList());
    }

    @Test
    void doneThatThrows_harmsNoOther() throws IOException {
        try {
            log.append(new Entry.Accepted(task(1)), strongest(), failure -> {
                throw new IllegalStateException("the caller's fault");
            });
        } catch (IllegalStateException e) {
            assertThat(e).hasMessage("the caller's fault"); // of a log without threads
        }
        append(new Entry.Accepted(task(2)));

        assertThat(kept(log, 10)).extracting(StoredTask::id).containsExactly(1L, 2L);
    }

    @Test
    void readInDone_seesTheEntry() throws Exception {
        var seen = new CompletableFuture<List<StoredTask>>();
        log.append(new Entry.Accepted(task(1)), strongest(), failure -> {
            try {
                seen.complete(kept(log, 10));
            } catch (IOException e) {
                seen.completeExceptionally(e);
            }
        });

        assertThat(seen.get(60, TimeUnit.SECONDS)).containsExactly(task(1));
    }

    @Test
    void manyThreads_appendReadAndReserve_nothingIsLostOrGivenTwice() throws Exception {
        var numbers = new ConcurrentLinkedQueue<Long>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var all = new ArrayList<CompletableFuture<?>>();
            for (int thread = 0; thread < 8; thread++) {
                all.add(CompletableFuture.runAsync(() -> appendReserved(numbers), threads));
            }
            CompletableFuture.allOf(all.toArray(CompletableFuture[]::new)).get(60, TimeUnit.SECONDS);
        }

        assertThat(new HashSet<>(numbers)).hasSameSizeAs(numbers).hasSize(400);
        assertThat(kept(log, 1_000)).extracting(StoredTask::id).containsExactlyInAnyOrderElementsOf(numbers);
    }

    private void appendReserved(ConcurrentLinkedQueue<Long> numbers) {
        try {
            for (int i = 0; i < 10; i++) {
                long first = log.reserve(5);
                for (long id = first; id < first + 5; id++) {
                    numbers.add(id);
                    append(new Entry.Accepted(task(id)));
                    assertThat(log.task(id)).contains(task(id));
                }
            }
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void reserve_ofNothing_isAMistake() {
        assertThatThrownBy(() -> log.reserve(0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("0");
    }

    @Test
    void closed_refusesEverything_andClosesAgain() throws IOException {
        log.close();
        log.close();

        assertThatThrownBy(() -> append(new Entry.Settled(1)))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("closed");
        assertThatThrownBy(() -> kept(log, 1)).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> log.task(1)).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> log.lastPosition()).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> log.deadTasks(-1, 1)).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> log.dead(1)).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> log.deadCount()).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> log.reserve(1)).isInstanceOf(IOException.class);
    }

    /** So many of the tasks that it keeps. */
    public static List<StoredTask> kept(TaskLog log, int limit) throws IOException {
        return log.tasks(0, Long.MAX_VALUE, limit, Long.MAX_VALUE).tasks();
    }

    /** Appends, with the most that the log can promise, and waits. */
    protected final void append(Entry entry) throws IOException {
        await(start(entry));
    }

    /** Appends, with the most that the log can promise. */
    protected final CompletableFuture<Void> start(Entry entry) {
        return start(entry, strongest());
    }

    protected final CompletableFuture<Void> start(Entry entry, Durability durability) {
        var result = new CompletableFuture<Void>();
        log.append(entry, durability, failure -> {
            if (failure == null) {
                result.complete(null);
            } else {
                result.completeExceptionally(failure);
            }
        });
        return result;
    }

    protected static void await(CompletableFuture<Void> appended) throws IOException {
        try {
            appended.get(60, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof IOException failure) {
                throw failure;
            }
            throw new AssertionError(e);
        } catch (InterruptedException | TimeoutException e) {
            throw new AssertionError(e);
        }
    }

    /** A task whose fields follow from its id. */
    protected static StoredTask task(long id) {
        return new StoredTask(
                id, "com.example.Type" + id % 7, Data.of("payload " + id), TaskOptions.DEFAULT, 1, 100 + id, 0, id);
    }

    protected static DeadTask letter(long id) {
        return new DeadTask(task(id), "FAILED", "java.io.IOException: no. " + id + "\n\tat …", 1_000 + id);
    }

    private static List<Long> every(int step, int first) {
        return LongStream.range(0, 500).filter(id -> id % step == first).boxed().toList();
    }

    private static List<Data> everyKindOfData() {
        byte[] zeros = {0, -1, 0, (byte) 0xc3};
        return List.of(
                Data.empty(),
                Data.of(""),
                Data.of("zwei € \u0000 drei"),
                Data.of(zeros),
                Data.received(Data.Kind.OBJECT, "{\"to\":\"Ann\"}".getBytes(UTF_8), Codec.json()),
                Data.of(new byte[100_000]));
    }

    private List<TaskOptions> everyOption() {
        var options = TaskOptions.DEFAULT;
        return List.of(
                options,
                options.durability(strongest()),
                options.retries(5).backoff(Duration.ofNanos(1_500_000_001)),
                options.priority(Priority.URGENT).slot(0).durability(strongest()),
                options.delay(Duration.ofDays(400)),
                options.at(Instant.parse("2031-02-03T04:05:06.789012345Z")),
                options.deadline(Duration.ofNanos(1)).timeout(Duration.ofMillis(1_500)),
                options.uniqueKey("wel\"come\n-7", Unique.Policy.JOIN).orderingKey(""),
                options.uniqueKey("", Unique.Policy.REPLACE).context("für später"),
                options.context(""),
                options.context(new byte[] {0, 1, 2}),
                options.context(List.of("an", "object")));
    }
}
