package dev.shunt.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.shunt.data.Data;
import dev.shunt.plan.WhenFull;
import dev.shunt.server.Server;
import dev.shunt.server.ServerSettings;
import dev.shunt.task.DeadTask;
import dev.shunt.task.Durability;
import dev.shunt.task.MemoryTaskLog;
import dev.shunt.task.Result;
import dev.shunt.task.StoredTask;
import dev.shunt.task.Task;
import dev.shunt.task.TaskLog;
import dev.shunt.task.TaskLog.Entry;
import dev.shunt.task.TaskOptions;
import dev.shunt.testing.Program;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Servers in this JVM whose task log has troubles: what becomes of the tasks, and of the program. */
class TroubledLogTest {

    private static final TaskOptions DISK = TaskOptions.DEFAULT.durability(Durability.DISK);

    private final TroubledLog log = new TroubledLog();

    /** What has begun, in its order. */
    private final List<String> ran = new CopyOnWriteArrayList<>();

    /** As many tasks whose text begins with "gate" may end. */
    private final Semaphore gate = new Semaphore(0);

    /** A server that runs in process, from here to its end. */
    private final class Run implements AutoCloseable {

        final Server server = new Server("127.0.0.1", 0);
        final BlockingQueue<Result> results = new LinkedBlockingQueue<>();
        private final CompletableFuture<Void> end;

        Run(TaskLog taskLog, Consumer<ServerSettings> more) throws Exception {
            var started = new CompletableFuture<Void>();
            server.set(settings -> settings.taskWorkerNum(1)
                    .maxWaitTime(Duration.ofMillis(200))
                    .taskLog(() -> taskLog)
                    .inProcess(true));
            server.set(more);
            server.onReceive((connection, data) -> {});
            server.onTask(task -> {
                return run(task);
            });
            server.onFinish(results::add);
            server.onTaskFailed(results::add);
            server.onStart(() -> started.complete(null));
            end = CompletableFuture.runAsync(server::start, Thread::startVirtualThread);
            CompletableFuture.anyOf(started, end).get(60, TimeUnit.SECONDS);
        }

        Run() throws Exception {
            this(log, _ -> {});
        }

        private Object run(Task task) throws InterruptedException {
            String text = task.data().text();
            ran.add(text);
            if (text.startsWith("gate")) {
                gate.acquire();
            }
            if (text.startsWith("deaf")) {
                gate.acquireUninterruptibly();
            }
            if (text.startsWith("throw")) {
                throw new IllegalArgumentException(text);
            }
            return "did " + text;
        }

        Result result() throws InterruptedException {
            var result = results.poll(60, TimeUnit.SECONDS);
            assertThat(result).isNotNull();
            return result;
        }

        List<Long> done(int count) throws InterruptedException {
            var ids = new ArrayList<Long>();
            for (int i = 0; i < count; i++) {
                ids.add(((Result.Done) result()).taskId());
            }
            return ids;
        }

        void awaitEnd() {
            end.orTimeout(Program.PATIENCE.toMillis(), TimeUnit.MILLISECONDS).join();
        }

        @Override
        public void close() {
            gate.release(1_000_000);
            server.shutdown();
            awaitEnd();
        }
    }

    private static StoredTask task(long id, String text, TaskOptions options) {
        return new StoredTask(id, "", Data.of(text), options, 0, 1_000, 0, 0);
    }

    private static <T> T get(CompletionStage<T> stage) throws Exception {
        return stage.toCompletableFuture().get(60, TimeUnit.SECONDS);
    }

    // What cannot be read

    @Test
    void taskOfAnEarlierRun_isCountedBeforeItRuns_andAStopInOrderTakesThatBack() throws Exception {
        log.left(task(1, "deaf", DISK).begun(2, 1));
        try (var run = new Run()) {
            await().until(() -> ran.contains("deaf"));
            assertThat(log.task(1)).contains(task(1, "deaf", DISK).begun(2, 2));
            run.server.shutdown();
            run.awaitEnd();
        }
        assertThat(log.task(1)).contains(task(1, "deaf", DISK).begun(2, 1));
    }

    @Test
    void attemptOfAnEarlierRunsTask_thatEnds_isNoDeath_andTheNextIsCountedAgain() throws Exception {
        log.left(task(1, "throw", DISK.retries(9).backoff(Duration.ofHours(1))).begun(1, 3));
        try (var _ = new Run()) {
            await().until(() -> log.task(1).orElseThrow().attempts() == 5);
            assertThat(log.task(1).orElseThrow().deaths()).isZero();
        }
    }

    @Test
    void taskWithWhichTheProgramHasDiedTooOften_isADeadLetter_andThoseBehindItRun() throws Exception {
        log.left(task(1, "one", DISK).begun(0, 4));
        log.left(task(2, "two", DISK).begun(0, 3));
        log.left(task(3, "three", DISK));
        try (var run = new Run()) {
            var lost = (Result.Lost) run.result();
            assertThat(lost.taskId()).isEqualTo(1);
            assertThat(lost.reason()).contains("the program has died while it ran, 4 times in a row");
            assertThat(run.done(2)).containsExactly(2L, 3L);
            assertThat(ran).containsExactly("two", "three");
            assertThat(log.deadTasks(-1, 10)).extracting(DeadTask::id).containsExactly(1L);
        }
    }

    @Test
    void damagedTask_isLostAlone_andStaysInTheLog() throws Exception {
        for (long id = 0; id < 2_500; id++) {
            log.left(task(id, "t" + id, DISK));
        }
        log.damaged.addAll(List.of(0L, 7L, 8L, 1_500L, 2_499L));
        try (var run = new Run()) {
            var results = new ArrayList<Result>();
            for (int i = 0; i < 2_500; i++) {
                results.add(run.result());
            }
            assertThat(results)
                    .filteredOn(Result.Lost.class::isInstance)
                    .hasSize(5)
                    .allSatisfy(lost -> assertThat(log.damaged).contains(lost.taskId()))
                    .allSatisfy(lost -> assertThat(((Result.Lost) lost).reason())
                            .contains(
                                    "task " + lost.taskId() + " cannot be read",
                                    "its context is not known",
                                    "It stays in the log as it is"));
            assertThat(results).filteredOn(Result.Done.class::isInstance).hasSize(2_495);
            assertThat(run.server.stats().tasks().queued()).isZero();
        }
        assertThat(log.taskCount()).isEqualTo(5);
    }

    @Test
    void logThatCannotBeRead_isReadAgainUntilItCan() throws Exception {
        log.left(task(1, "first", DISK));
        log.readsToFail.set(2);
        try (var run = new Run()) {
            assertThat(run.done(1)).containsExactly(1L);
        }
        assertThat(log.taskCount()).isZero();
    }

    @Test
    void spilledTasks_comeBack_alsoIfTheLogCannotBeReadForAWhile_andOneOfThemIsDamaged() throws Exception {
        try (var run = new Run(log, settings -> settings.maxQueuedTasks(1).whenQueueFull(WhenFull.SPILL))) {
            run.server.task("gate");
            await().until(() -> ran.contains("gate"));
            run.server.task("waits");
            var spilled = run.server.submit("spilled");
            var lost = run.server.submit("lost");
            run.server.task("last");
            await().until(() -> log.taskCount() == 3);
            log.damaged.add(lost.id());
            log.readsToFail.set(2);
            gate.release();

            assertThat(get(spilled.result())).isInstanceOf(Result.Done.class);
            assertThat(get(lost.result()))
                    .isInstanceOfSatisfying(
                            Result.Lost.class,
                            end -> assertThat(end.reason())
                                    .contains("task " + lost.id() + " ", "its context is not known"));
            assertThat(run.done(3)).hasSize(3);
        }
        assertThat(ran).containsExactly("gate", "waits", "spilled", "last");
    }

    @Test
    void manyLargeTasks_areFetchedAsTheOnesBeforeEnd() throws Exception {
        String large = "x".repeat(1 << 20);
        int tasks = 200;
        for (long id = 0; id < tasks; id++) {
            log.left(task(id, (id == 0 ? "gate" : "") + large, DISK));
        }
        try (var run = new Run()) {
            await().until(() -> ran.size() == 1);
            gate.release();
            run.done(tasks);
        }
        assertThat(log.mostBytesInMemory()).isBetween(60L << 20, 66L << 20);
    }

    @Test
    void taskWithoutAHandler_staysInTheLog_andHoldsUpNoOther() throws Exception {
        log.left(new StoredTask(1, "com.example.Gone", Data.of("x"), DISK, 0, 0, 0, 0));
        log.left(task(2, "other", DISK));
        try (var run = new Run()) {
            assertThat(run.done(1)).containsExactly(2L);
        }
        assertThat(log.task(1)).isPresent();
    }

    // Order

    @Test
    void tasksOfAnEarlierRun_goOnInTheOrderInWhichTheyWereAccepted_newOnesAfterThem() throws Exception {
        var keyed = DISK.orderingKey("k");
        var ids = List.of(9_000L, 3L, 5_000L, 1L);
        ids.forEach(id -> log.left(task(id, "t" + id, keyed)));
        log.readsToFail.set(1);
        try (var run = new Run()) {
            run.server.task("new", keyed);
            run.server.task("new memory", TaskOptions.DEFAULT.orderingKey("k"));
            run.done(6);
        }
        assertThat(ran).containsExactly("t9000", "t3", "t5000", "t1", "new", "new memory");
    }

    @Test
    void memoryTask_doesNotOvertakeADurableOneOfItsOrderingKey() throws Exception {
        var key = TaskOptions.DEFAULT.orderingKey("k");
        try (var run = new Run()) {
            log.hold();
            run.server.task("durable", key.durability(Durability.DISK));
            run.server.task("memory", key);
            run.server.task("later durable", key.durability(Durability.DISK));
            var cancelled = run.server.submit("cancelled", key);
            cancelled.cancel();
            run.server.task("last", key);
            run.server.task("free");
            await().until(() -> ran.contains("free"));
            assertThat(get(cancelled.result())).isInstanceOf(Result.Cancelled.class);
            assertThat(run.server.stats().tasks().queued()).isEqualTo(4);
            log.release();
            run.done(5);
        }
        assertThat(ran).containsExactly("free", "durable", "memory", "later durable", "last");
    }

    // Dead letters

    @Test
    void letterRunAgainWhileTheLogIsFetched_runsOnce() throws Exception {
        log.left(new DeadTask(task(20, "letter", DISK), "FAILED", "", 0));
        log.left(task(10, "gate 10", DISK));
        log.left(task(30, "gate 30", DISK));
        try (var run = new Run(log, settings -> settings.maxQueuedTasks(1))) {
            await().until(() -> ran.contains("gate 10"));
            log.hold();
            var answer = run.server.rerunDeadTask(20);
            await().until(() -> log.held() == 1);
            gate.release(2);
            await().until(() -> log.held() == 3);
            log.release();
            assertThat(get(answer)).isTrue();
            assertThat(run.done(3)).containsExactlyInAnyOrder(10L, 20L, 30L);
            assertThat(run.server.stats().tasks().dead()).isZero();
        }
        assertThat(ran).containsExactlyInAnyOrder("gate 10", "gate 30", "letter");
        assertThat(log.taskCount()).isZero();
    }

    @Test
    void damagedLetter_canBeDiscarded() throws Exception {
        log.left(new DeadTask(task(20, "letter", DISK), "FAILED", "", 0));
        log.damaged.add(20L);
        try (var run = new Run()) {
            assertThatThrownBy(() -> get(run.server.rerunDeadTask(20))).hasMessageContaining("cannot be read");
            assertThat(get(run.server.discardDeadTask(20))).isTrue();
            assertThat(run.server.stats().tasks().dead()).isZero();
        }
    }

    @Test
    void lettersThatTheLogLetsGo_areNotCounted() throws Exception {
        try (var run = new Run(new MemoryTaskLog(2, 1_000_000), _ -> {})) {
            for (int i = 0; i < 5; i++) {
                run.server.task("throw", TaskOptions.DEFAULT.retries(1).backoff(Duration.ofMillis(1)));
                assertThat(run.result()).isInstanceOf(Result.Failed.class);
            }
            assertThat(run.server.stats().tasks().dead()).isEqualTo(2);
            assertThat(get(run.server.deadTasks(-1, 10))).hasSize(2);
        }
    }

    @Test
    void letterInMemory_runAgainAndStopped_isRejected_forNothingKeepsIt() throws Exception {
        var run = new Run(new MemoryTaskLog(), _ -> {});
        run.server.task("gate");
        await().until(() -> ran.contains("gate"));
        long id = run.server.task("throw", TaskOptions.DEFAULT.retries(1).backoff(Duration.ofMillis(1)));
        gate.release();
        assertThat(run.done(1)).hasSize(1);
        assertThat(run.result()).isInstanceOf(Result.Failed.class);
        run.server.task("gate again");
        await().until(() -> ran.contains("gate again"));
        assertThat(get(run.server.rerunDeadTask(id))).isTrue();
        run.server.shutdown();

        assertThat(run.result()).isEqualTo(new Result.Rejected(id, "the program is stopping", Data.empty()));
        run.close();
    }

    // What cannot be written

    @Test
    void endThatTheLogCannotTake_isToldToTheCaller_andAgainToTheLog() throws Exception {
        log.refuses = entry -> entry instanceof Entry.Settled;
        try (var run = new Run()) {
            run.server.task("once", DISK);
            assertThat(run.result()).isInstanceOf(Result.Done.class);
            await().until(() -> log.refused.get() >= 2);
            assertThat(log.taskCount()).isOne();
            log.refuses = _ -> false;
            await().until(() -> log.taskCount() == 0);
        }
        assertThat(ran).containsExactly("once");
    }

    @Test
    void endThatTheLogHasNotTakenWhenTheProgramEnds_runsAgainInTheNext() throws Exception {
        log.refuses = entry -> entry instanceof Entry.Settled;
        try (var run = new Run()) {
            run.server.task("twice", DISK);
            assertThat(run.result()).isInstanceOf(Result.Done.class);
        }
        log.refuses = _ -> false;
        try (var run = new Run()) {
            assertThat(run.done(1)).hasSize(1);
        }
        assertThat(ran).containsExactly("twice", "twice");
    }

    @Test
    void logThatThrows_endsTheTaskItConcerns_andNoOther() throws Exception {
        try (var run = new Run()) {
            log.refuses = entry -> {
                throw new IllegalStateException("a bug of the log");
            };
            var unlucky = run.server.submit("a", DISK);
            assertThat(unlucky.result().toCompletableFuture().get(60, TimeUnit.SECONDS))
                    .isInstanceOfSatisfying(
                            Result.Rejected.class,
                            rejected -> assertThat(rejected.reason()).contains("a bug of the log"));
            run.server.task("in memory");
            assertThat(run.result()).isInstanceOf(Result.Done.class);
            log.refuses = _ -> false;
            run.server.task("on disk", DISK);
            assertThat(run.result()).isInstanceOf(Result.Done.class);
            assertThat(ran).containsExactly("in memory", "on disk");
        }
    }

    @Test
    void logThatDoesNotAnswer_holdsUpNoStop() throws Exception {
        var run = new Run();
        log.hold();
        log.closes = new CountDownLatch(1);
        run.server.task("never", DISK);
        await().until(() -> log.held() == 1);
        long begin = System.nanoTime();
        run.server.shutdown();
        run.awaitEnd();
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(15));
        log.closes.countDown();
        assertThat(ran).isEmpty();
    }

    @Test
    void programThatCannotStart_closesItsLog() {
        log.reservesNothing = true;
        assertThatThrownBy(() -> new Run().close()).hasMessageContaining("gives no numbers");
        assertThat(log.closed).isTrue();
    }

    // When it is over

    @Test
    void callsAfterTheStop_haveAClearAnswer() throws Exception {
        var run = new Run();
        var handle = run.server.submit("done");
        assertThat(get(handle.result())).isInstanceOf(Result.Done.class);
        run.close();

        handle.cancel();
        for (CompletionStage<?> answer :
                List.of(run.server.deadTasks(-1, 10), run.server.rerunDeadTask(1), run.server.discardDeadTask(1))) {
            assertThatThrownBy(() -> get(answer))
                    .isInstanceOf(ExecutionException.class)
                    .hasCauseInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("the program has stopped");
        }
        assertThat(run.server.stats().tasks().done()).isOne();
    }
}
