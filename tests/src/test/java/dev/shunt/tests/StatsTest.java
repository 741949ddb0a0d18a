package dev.shunt.tests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shunt.plan.Placement;
import dev.shunt.server.Server;
import dev.shunt.stats.Stats;
import dev.shunt.task.Result;
import dev.shunt.task.Task;
import dev.shunt.task.TaskOptions;
import dev.shunt.testing.LineClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Numbers of servers in this JVM, asked for by threads of all kinds: none is torn, and none is behind what its asker
 * knows.
 */
class StatsTest {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int MAX_QUEUED = 100;
    private static final int TASKS = 20_000;
    private static final int READERS = 2;

    /** What a handler on the main loop waits for. */
    private final CountDownLatch heldUp = new CountDownLatch(1);

    private final CountDownLatch goOn = new CountDownLatch(1);

    /** A server from here to its end. */
    private final class Run implements AutoCloseable {

        final Server server = new Server("127.0.0.1", 0);
        private final CompletableFuture<Void> end;

        Run(Placement placement, int workers) throws Exception {
            var started = new CompletableFuture<Void>();
            server.set(settings -> settings.placement(placement)
                    .workerNum(workers)
                    .taskWorkerNum(2)
                    .taskPlacement(Placement.IN_PROCESS)
                    .maxQueuedTasks(MAX_QUEUED));
            server.onReceive((connection, data) -> {
                switch (data.text().strip()) {
                    case "hold up" -> holdUp();
                    case "task" ->
                        server.task(
                                "x", _ -> connection.send(server.stats().tasks().done() + "\n"));
                    default -> connection.send(server.stats().tasks().done() + "\n");
                }
            });
            server.onTask(StatsTest::run);
            server.onFinish(_ -> {});
            server.onTaskFailed(_ -> {});
            server.onStart(() -> started.complete(null));
            end = CompletableFuture.runAsync(server::start, Thread::startVirtualThread);
            CompletableFuture.anyOf(started, end).get(60, TimeUnit.SECONDS);
        }

        @Override
        public void close() {
            server.shutdown();
            end.orTimeout(60, TimeUnit.SECONDS).join();
        }
    }

    private static Object run(Task task) {
        String text = task.data().text();
        if (text.startsWith("throw")) {
            throw new IllegalArgumentException(text);
        }
        return text;
    }

    private void holdUp() {
        heldUp.countDown();
        try {
            assertThat(goOn.await(60, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void underLoad_whatWasSubmittedIsQueuedRunsOrHasEnded_atEachMoment() throws Exception {
        try (var run = new Run(Placement.EVENT_LOOP, 1)) {
            var readers = new ArrayList<CompletableFuture<List<Stats.Tasks>>>();
            var over = new CountDownLatch(1);
            for (int i = 0; i < READERS; i++) {
                readers.add(
                        CompletableFuture.supplyAsync(() -> readUntil(over, run.server), Thread.ofPlatform()::start));
            }
            for (int i = 0; i < TASKS; i++) {
                String payload = i % 3 == 0 ? "throw" : "echo";
                var again = TaskOptions.DEFAULT.retries(1).backoff(Duration.ofNanos(1));
                run.server.task(payload, i % 9 == 0 ? again : TaskOptions.DEFAULT);
            }
            for (var last = run.server.stats().tasks();
                    last.queued() + last.running() > 0;
                    last = run.server.stats().tasks()) {
                Thread.onSpinWait();
            }
            over.countDown();
            for (var reader : readers) {
                var read = reader.get(60, TimeUnit.SECONDS);
                assertThat(read).isNotEmpty().allSatisfy(StatsTest::assertAddsUp);
                for (int i = 1; i < read.size(); i++) {
                    assertThat(read.get(i).ended())
                            .isGreaterThanOrEqualTo(read.get(i - 1).ended());
                }
            }
            var last = run.server.stats();
            assertThat(last.tasks().submitted()).isEqualTo(TASKS);
            assertThat(last.tasks().done()).isPositive();
            assertThat(last.tasks().failed()).isPositive();
            assertThat(last.slots()).isEqualTo(new Stats.Slots(1, 2, 2));
        }
    }

    private static List<Stats.Tasks> readUntil(CountDownLatch over, Server server) {
        var read = new ArrayList<Stats.Tasks>();
        do {
            read.add(server.stats().tasks());
        } while (over.getCount() > 0);
        return read;
    }

    private static void assertAddsUp(Stats.Tasks tasks) {
        assertThat(tasks.submitted()).as(tasks.toString()).isEqualTo(tasks.queued() + tasks.running() + tasks.ended());
    }

    @Test
    void rightAfterAResult_aThreadOfTheProgramsOwn_findsItCounted() throws Exception {
        try (var run = new Run(Placement.EVENT_LOOP, 1)) {
            for (int i = 1; i <= 300; i++) {
                assertThat(run.server.taskWait("echo", PATIENCE)).isInstanceOf(Result.Done.class);
                assertThat(run.server.stats().tasks().done()).isEqualTo(i);
            }
        }
    }

    @Test
    void asked_byAnInterruptedThread_isAsFresh_andItStaysInterrupted() throws Exception {
        try (var run = new Run(Placement.EVENT_LOOP, 1)) {
            run.server.taskWait("echo", PATIENCE);
            Thread.currentThread().interrupt();
            assertThat(run.server.stats().tasks().done()).isOne();
            assertThat(Thread.interrupted()).isTrue();
        }
    }

    /** Of loops one is the main loop; neighbours ask after each other's results. */
    @ParameterizedTest
    @EnumSource(
            value = Placement.class,
            names = {"EVENT_LOOP", "IN_PROCESS"})
    void rightAfterAResult_workersFindItCounted(Placement placement) throws Exception {
        try (var run = new Run(placement, 2);
                var one = new LineClient(run.server.endpoint().port());
                var other = new LineClient(run.server.endpoint().port())) {
            for (int i = 1; i <= 200; i++) {
                assertThat((i % 2 == 0 ? one : other).ask("task")).isEqualTo(String.valueOf(i));
                assertThat((i % 3 == 0 ? one : other).ask("stats")).isEqualTo(String.valueOf(i));
            }
        }
    }

    @Test
    void mainLoopHeldUp_theyAreThoseOfBefore_withTheConnectionsOfNow_andFreshOnceItGoesOn() throws Exception {
        try (var run = new Run(Placement.EVENT_LOOP, 1);
                var client = new LineClient(run.server.endpoint().port())) {
            run.server.taskWait("echo", PATIENCE);
            var before = run.server.stats();
            long messages = before.connections().messages();
            client.send("hold up");
            assertThat(heldUp.await(60, TimeUnit.SECONDS)).isTrue();
            run.server.task("echo");
            var during = run.server.stats();
            assertThat(during.tasks()).isEqualTo(before.tasks());
            assertThat(during.connections().messages()).isEqualTo(messages + 1);
            goOn.countDown();
            assertThat(run.server.stats().tasks().submitted()).isEqualTo(2);
        } finally {
            goOn.countDown();
        }
    }
}
