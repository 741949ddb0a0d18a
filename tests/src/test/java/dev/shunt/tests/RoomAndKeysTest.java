package dev.shunt.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.shunt.data.Data;
import dev.shunt.plan.WhenFull;
import dev.shunt.server.Server;
import dev.shunt.server.ServerSettings;
import dev.shunt.stats.Stats;
import dev.shunt.task.Durability;
import dev.shunt.task.Result;
import dev.shunt.task.StoredTask;
import dev.shunt.task.Task;
import dev.shunt.task.TaskHandle;
import dev.shunt.task.TaskOptions;
import dev.shunt.task.Unique.Policy;
import dev.shunt.testing.Program;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Who has a unique key, and what takes whose room: with tasks in a log, of an earlier run, not due, or large. */
class RoomAndKeysTest {

    private static final TaskOptions MEMORY = TaskOptions.DEFAULT;
    private static final TaskOptions DISK = MEMORY.durability(Durability.DISK);
    private static final Duration LONG = Duration.ofHours(1);

    private final TroubledLog log = new TroubledLog();

    /** What has begun, in its order. */
    private final List<String> ran = new CopyOnWriteArrayList<>();

    private final AtomicInteger messages = new AtomicInteger();

    /** As many tasks whose text begins with "gate" may end. */
    private final Semaphore gate = new Semaphore(0);

    /** A server with one task slot that runs in process, from here to its end. */
    private final class Run implements AutoCloseable {

        final Server server = new Server("127.0.0.1", 0);
        private final CompletableFuture<Void> end;

        Run(Consumer<ServerSettings> more) throws Exception {
            var started = new CompletableFuture<Void>();
            server.set(settings -> settings.taskWorkerNum(1)
                    .maxWaitTime(Duration.ofMillis(200))
                    .taskLog(() -> log)
                    .inProcess(true));
            server.set(more);
            server.onReceive((connection, data) -> {});
            server.onTask(task -> {
                return run(task);
            });
            server.onFinish(_ -> {});
            server.onPipeMessage((_, _) -> messages.incrementAndGet());
            server.onStart(() -> started.complete(null));
            end = CompletableFuture.runAsync(server::start, Thread::startVirtualThread);
            CompletableFuture.anyOf(started, end).get(60, TimeUnit.SECONDS);
        }

        Run() throws Exception {
            this(_ -> {});
        }

        private Object run(Task task) throws InterruptedException {
            String text = task.data().text();
            text = text.substring(0, Math.min(text.length(), 12));
            ran.add(text);
            if (text.startsWith("gate")) {
                gate.acquire();
            }
            if (text.endsWith("reports")) {
                IntStream.range(0, 1_000).forEach(task::progress);
                ran.add("reported");
            }
            if (text.startsWith("throw")) {
                throw new IllegalArgumentException(text);
            }
            return "did " + text;
        }

        TaskHandle submit(String text, TaskOptions options) {
            return server.submit(text, options);
        }

        Stats.Tasks tasks() {
            return server.stats().tasks();
        }

        /** The one slot is taken. */
        TaskHandle occupied() {
            int before = ran.size();
            var handle = submit("gate", MEMORY);
            await().until(() -> ran.size() > before);
            return handle;
        }

        @Override
        public void close() {
            gate.release(1_000_000);
            server.shutdown();
            end.orTimeout(Program.PATIENCE.toMillis(), TimeUnit.MILLISECONDS).join();
        }
    }

    private static StoredTask left(long id, String text, TaskOptions options) {
        return new StoredTask(id, "", Data.of(text), options, 0, System.currentTimeMillis(), 0, 0);
    }

    private static Result result(TaskHandle handle) throws Exception {
        return handle.result().toCompletableFuture().get(60, TimeUnit.SECONDS);
    }

    private static String reason(TaskHandle handle) throws Exception {
        var result = result(handle);
        assertThat(result).isInstanceOf(Result.Rejected.class);
        return ((Result.Rejected) result).reason();
    }

    private void isDone(TaskHandle handle, String text) throws Exception {
        assertThat(result(handle))
                .isInstanceOfSatisfying(
                        Result.Done.class,
                        done -> assertThat(done.data().text()).isEqualTo(text));
    }

    // Unique keys

    private static TaskOptions unique(TaskOptions options, Policy policy) {
        return options.uniqueKey("k", policy);
    }

    @Test
    void drop_ofAKeyThatAnEarlierRunLeft_isRejected_howeverLateTheLogIsRead() throws Exception {
        log.left(left(1, "gate old", unique(DISK, Policy.DROP)));
        log.readsToFail.set(1);
        try (var run = new Run()) {
            var dropped = run.submit("new", unique(MEMORY, Policy.DROP));
            assertThat(reason(dropped)).contains("unique key 'k'");
            gate.release();
            await().until(() -> log.taskCount() == 0);
        }
        assertThat(ran).containsExactly("gate old");
    }

    @ParameterizedTest
    @EnumSource(Durability.class)
    void replace_ofAKeyThatAnEarlierRunLeft_theNewCancelsTheOld(Durability durability) throws Exception {
        log.left(left(1, "old", unique(DISK.delay(LONG), Policy.REPLACE)));
        log.readsToFail.set(1);
        try (var run = new Run()) {
            isDone(run.submit("new", unique(MEMORY.durability(durability), Policy.REPLACE)), "did new");
            await().until(() -> log.taskCount() == 0);
        }
        assertThat(ran).containsExactly("new");
    }

    @Test
    void join_ofAKeyThatAnEarlierRunLeft_getsTheResultOfThat() throws Exception {
        log.left(left(1, "gate old", unique(DISK, Policy.JOIN)));
        log.readsToFail.set(1);
        try (var run = new Run()) {
            var joined = run.submit("new", unique(MEMORY, Policy.JOIN));
            gate.release();
            isDone(joined, "did gate old");
        }
        assertThat(ran).containsExactly("gate old");
    }

    @Test
    void drop_ofAKeyOfATaskThatIsNotDue_isRejectedAtOnce_alsoIfTheLogHasThatAlone() throws Exception {
        for (long id = 1; id <= 3; id++) {
            log.left(left(id, "old" + id, DISK.delay(LONG).uniqueKey("k" + id)));
        }
        try (var run = new Run(settings -> settings.maxDelayedTasks(1))) {
            for (int key = 1; key <= 3; key++) {
                assertThat(reason(run.submit("new", MEMORY.uniqueKey("k" + key))))
                        .contains("unique key 'k" + key + "'");
            }
            isDone(run.submit("new", MEMORY.uniqueKey("k4")), "did new");
        }
    }

    @Test
    void replace_whileTheOldOneIsBeingStored_theNewRuns() throws Exception {
        try (var run = new Run()) {
            log.hold();
            var old = run.submit("old", unique(DISK, Policy.REPLACE));
            var replacing = run.submit("new", unique(MEMORY, Policy.REPLACE));
            await().until(() -> log.held() == 1);
            log.release();
            assertThat(result(old)).isInstanceOf(Result.Cancelled.class);
            isDone(replacing, "did new");
        }
        assertThat(ran).containsExactly("new");
    }

    @Test
    void drop_whileTheFirstIsBeingStored_orWaitsForItsTime_isRejected() throws Exception {
        try (var run = new Run()) {
            log.hold();
            var first = run.submit("first", unique(DISK, Policy.DROP));
            assertThat(reason(run.submit("second", unique(MEMORY, Policy.DROP))))
                    .contains("unique key 'k'");
            log.release();
            isDone(first, "did first");
            run.submit("third", unique(MEMORY.delay(LONG), Policy.DROP));
            assertThat(reason(run.submit("fourth", unique(DISK, Policy.DROP)))).contains("unique key 'k'");
        }
    }

    @Test
    void join_ofATaskThatIsNotStoredInTheEnd_isRejectedWithIt() throws Exception {
        try (var run = new Run()) {
            log.refuses = _ -> true;
            var first = run.submit("first", unique(DISK, Policy.JOIN));
            assertThat(reason(first)).contains("disk is full");
            log.refuses = _ -> false;
            isDone(run.submit("second", unique(MEMORY, Policy.JOIN)), "did second");
        }
    }

    @Test
    void join_ofATaskThatSpilled_getsItsResult() throws Exception {
        try (var run = new Run(settings -> settings.maxQueuedTasks(1).whenQueueFull(WhenFull.SPILL))) {
            run.occupied();
            run.submit("fills", MEMORY);
            var spilled = run.submit("spilled", unique(MEMORY, Policy.JOIN));
            var joined = run.submit("joined", unique(MEMORY, Policy.JOIN));
            var dropped = run.submit("dropped", unique(MEMORY, Policy.DROP));
            assertThat(reason(dropped)).contains("unique key 'k'");
            gate.release();
            isDone(spilled, "did spilled");
            isDone(joined, "did spilled");
        }
    }

    @Test
    void waitsForRoom_andHasItsKeyFromThenOn() throws Exception {
        try (var run = new Run(settings -> settings.maxQueuedTasks(1).whenQueueFull(WhenFull.WAIT))) {
            run.occupied();
            run.submit("fills", MEMORY);
            var waits = CompletableFuture.supplyAsync(
                    () -> run.submit("waits", unique(MEMORY, Policy.DROP)), Thread::startVirtualThread);
            await().until(() -> run.tasks().queued() == 2);
            assertThat(reason(run.submit("dropped", unique(MEMORY, Policy.DROP))))
                    .contains("unique key 'k'");
            gate.release();
            isDone(waits.get(60, TimeUnit.SECONDS), "did waits");
        }
    }

    // What is not due takes no room of what is

    @Test
    void delayed_fillNoRoomOfWhatIsDue() throws Exception {
        try (var run = new Run(settings -> settings.maxQueuedTasks(2))) {
            for (int i = 0; i < 10; i++) {
                run.submit("later", (i % 2 == 0 ? MEMORY : DISK).delay(LONG));
            }
            run.occupied();
            var first = run.submit("a", MEMORY);
            var second = run.submit("b", MEMORY);
            assertThat(reason(run.submit("c", MEMORY))).contains("2 tasks wait already");
            assertThat(run.tasks().delayed()).isEqualTo(10);
            gate.release();
            isDone(first, "did a");
            isDone(second, "did b");
        }
    }

    @Test
    void retriesInBackOff_fillNoRoomOfWhatIsDue() throws Exception {
        try (var run = new Run(settings -> settings.maxQueuedTasks(1))) {
            for (int i = 0; i < 5; i++) {
                run.submit("throw" + i, MEMORY.retries(1).backoff(LONG));
                int count = i + 1;
                await().until(() -> run.tasks().delayed() == count);
            }
            isDone(run.submit("now", MEMORY), "did now");
        }
    }

    @Test
    void tasksThatWaitForTheirTurn_fillNoRoomOfWhatHasIt() throws Exception {
        try (var run = new Run(settings -> settings.maxQueuedTasks(1))) {
            run.submit("throw", MEMORY.orderingKey("o").retries(1).backoff(LONG));
            await().until(() -> run.tasks().delayed() == 1);
            for (int i = 0; i < 5; i++) {
                run.submit("behind", MEMORY.orderingKey("o"));
            }
            isDone(run.submit("now", MEMORY), "did now");
            assertThat(run.tasks().delayed()).isEqualTo(6);
        }
    }

    @Test
    void delayed_haveABoundOfTheirOwn_thatIsNamed() throws Exception {
        try (var run = new Run(settings -> settings.maxDelayedTasks(3).maxDelayedBytes(1 << 20))) {
            run.submit("later" + "x".repeat(600_000), MEMORY.delay(LONG));
            assertThat(reason(run.submit("x".repeat(600_000), MEMORY.delay(LONG))))
                    .contains("1048576 (maxDelayedBytes)");
            run.submit("later", MEMORY.delay(LONG));
            run.submit("later", MEMORY.delay(LONG));
            assertThat(reason(run.submit("one more", MEMORY.delay(LONG)))).contains("3 (maxDelayedTasks)");
            isDone(run.submit("now", MEMORY), "did now");
        }
    }

    @Test
    void delayed_thatComeDue_areNotRejected_howeverFullTheQueueIs() throws Exception {
        try (var run = new Run(settings -> settings.maxQueuedTasks(1))) {
            run.occupied();
            run.submit("fills", MEMORY);
            var delayed = IntStream.range(0, 5)
                    .mapToObj(i -> run.submit("due" + i, MEMORY.delay(Duration.ofSeconds(2))))
                    .toList();
            await().until(() -> run.tasks().delayed() == 0 && run.tasks().queued() == 6);
            assertThat(reason(run.submit("one more", MEMORY))).contains("1 tasks wait already");
            gate.release();
            for (int i = 0; i < 5; i++) {
                isDone(delayed.get(i), "did due" + i);
            }
        }
    }

    @Test
    void spilled_thatAreNotDue_holdUpNothing_andRunWhenTheyAre() throws Exception {
        try (var run = new Run(
                settings -> settings.maxQueuedTasks(1).maxDelayedTasks(2).whenQueueFull(WhenFull.SPILL))) {
            for (int i = 0; i < 5; i++) {
                run.submit("later", MEMORY.delay(LONG));
            }
            var soon = run.submit("soon", MEMORY.delay(Duration.ofMillis(300)));
            isDone(run.submit("now", MEMORY), "did now");
            run.occupied();
            run.submit("fills", MEMORY);
            var spilled = run.submit("spilled", MEMORY);
            gate.release();
            isDone(spilled, "did spilled");
            isDone(soon, "did soon");
        }
    }

    @Test
    void tasksOfAnEarlierRun_thatAreNotDue_holdUpNoneBehindThem() throws Exception {
        String large = "x".repeat(8 << 20);
        for (long id = 1; id <= 20; id++) {
            log.left(left(id, "later" + large, DISK.delay(LONG)));
        }
        log.left(left(21, "throw", DISK.delay(LONG).orderingKey("o")));
        log.left(left(22, "now", DISK.orderingKey("o")));
        log.left(left(23, "soon", DISK.delay(Duration.ofMillis(500)).orderingKey("o")));
        try (var run = new Run(settings -> settings.maxQueuedTasks(1).maxDelayedTasks(2))) {
            await().until(() -> ran.equals(List.of("now", "soon")));
            isDone(run.submit("new", MEMORY.orderingKey("o")), "did new");
            await().until(() -> run.tasks().queued() == 21);
        }
    }

    @Test
    void retryOfAnEarlierRun_thatIsNotDue_holdsUpItsOrderingKey_andNothingElse() throws Exception {
        long soon = System.currentTimeMillis() + 3_000; // later than what is not held up
        for (long id = 1; id <= 3; id++) {
            log.left(left(id, "retry" + id, DISK.retries(2).orderingKey("o" + id))
                    .retried(1, soon));
        }
        log.left(left(4, "other", DISK));
        try (var run = new Run(
                settings -> settings.maxQueuedTasks(1).maxDelayedTasks(1).whenQueueFull(WhenFull.SPILL))) {
            await().until(() -> ran.equals(List.of("other")));
            var behind = run.submit("behind", MEMORY.orderingKey("o3"));
            isDone(behind, "did behind");
            await().until(() -> ran.size() == 5);
        }
        assertThat(ran.indexOf("behind")).isGreaterThan(ran.indexOf("retry3"));
    }

    // Bytes

    private static String large(int number) {
        return "large" + number + "x".repeat(400_000);
    }

    @Test
    void bytes_areBounded_andTheLimitIsNamed() throws Exception {
        try (var run = new Run(settings -> settings.maxQueuedBytes(1_000_000))) {
            run.occupied();
            var first = run.submit(large(1), MEMORY);
            var second = run.submit(large(2), MEMORY);
            assertThat(reason(run.submit(large(3), MEMORY))).contains("1000000 (maxQueuedBytes)");
            assertThat(run.tasks().bytes()).isBetween(800_000L, 900_000L);
            assertThat(run.tasks().maxQueuedBytes()).isEqualTo(1_000_000);
            var small = run.submit("small", MEMORY);
            gate.release();
            isDone(first, "did large1xxxxxx");
            isDone(second, "did large2xxxxxx");
            isDone(small, "did small");
            await().until(() -> run.tasks().bytes() == 0);
            isDone(run.submit("y".repeat(2_000_000), MEMORY), "did yyyyyyyyyyyy");
        }
    }

    @Test
    void bytes_arePartOfSpilling() throws Exception {
        try (var run = new Run(settings -> settings.maxQueuedBytes(1_000_000).whenQueueFull(WhenFull.SPILL))) {
            run.occupied();
            var all = IntStream.range(0, 8)
                    .mapToObj(i -> {
                        var handle = run.submit(large(i), MEMORY);
                        await().until(() -> log.held() == 0 && run.tasks().bytes() < 1_000_000);
                        return handle;
                    })
                    .toList();
            gate.release();
            for (int i = 0; i < 8; i++) {
                isDone(all.get(i), "did large" + i + "xxxxxx");
            }
            await().until(() -> run.tasks().bytes() == 0 && log.taskCount() == 0);
        }
    }

    @Test
    void bytes_areWaitedForRoomOf() throws Exception {
        try (var run = new Run(settings -> settings.maxQueuedBytes(1_000_000).whenQueueFull(WhenFull.WAIT))) {
            run.occupied();
            run.submit(large(1), MEMORY);
            run.submit(large(2), MEMORY);
            var third = CompletableFuture.supplyAsync(() -> run.submit(large(3), MEMORY), Thread::startVirtualThread);
            await().until(() -> run.tasks().queued() == 3);
            assertThat(third).isNotDone();
            gate.release();
            isDone(third.get(60, TimeUnit.SECONDS), "did large3xxxxxx");
        }
    }

    // What waits for a slot that is busy

    @Test
    void progress_whoseListenerIsBehind_isTheLatest() throws Exception {
        var heard = new CopyOnWriteArrayList<String>();
        var behind = new Semaphore(0);
        try (var run = new Run()) {
            var handle = run.submit("gate reports", MEMORY).progress(progress -> {
                heard.add(progress.text());
                behind.acquireUninterruptibly();
            });
            gate.release();
            await().until(() -> ran.contains("reported") && !heard.isEmpty());
            run.tasks(); // asked behind all that was reported
            behind.release(1_000);
            isDone(handle, "did gate reports");
            await().until(() -> heard.getLast().equals("999"));
            assertThat(heard).hasSizeLessThanOrEqualTo(2);
        }
    }

    @Test
    void messages_forAWorkerThatIsBusy_areBounded_andItsSenderIsTold() throws Exception {
        try (var run = new Run()) {
            run.occupied();
            int worker = run.server.stats().slots().workers();
            for (int i = 0; i < 10_000; i++) {
                assertThat(run.server.sendMessage("message", worker)).isTrue();
            }
            assertThat(run.server.sendMessage("one more", worker)).isFalse();
            gate.release();
            await().until(() -> messages.get() == 10_000);
            assertThat(run.server.sendMessage("and again", worker)).isTrue();
        }
    }
}
