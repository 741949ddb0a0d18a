package dev.shunt.engine.manager;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.shunt.engine.Engine;
import dev.shunt.plan.Group;
import dev.shunt.plan.Hooks;
import dev.shunt.plan.Placement;
import dev.shunt.plan.Plan;
import dev.shunt.plan.Settings;
import dev.shunt.plan.SlotHandler;
import dev.shunt.plan.TaskSpecBuilder;
import dev.shunt.task.Result;
import dev.shunt.task.TaskListener;
import dev.shunt.task.TaskOptions;
import dev.shunt.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A whole manager in this process, with a wall clock that a test sets. */
class SchedulesTest {

    /** The machine's, but the wall clock starts when the test says. */
    private static final class Shifted implements Clock {

        private final Clock system = Clock.system();
        private final long shift;

        Shifted(Instant start) {
            shift = start.toEpochMilli() - system.epochMillis();
        }

        @Override
        public long nanoTime() {
            return system.nanoTime();
        }

        @Override
        public long epochMillis() {
            return system.epochMillis() + shift;
        }
    }

    private final TaskSpecBuilder tasks = new TaskSpecBuilder();
    private final List<Result> results = new CopyOnWriteArrayList<>();
    private final AtomicInteger asked = new AtomicInteger();
    private final CompletableFuture<Engine> engine = new CompletableFuture<>();
    private Thread runner = new Thread();

    private final Hooks hooks = new Hooks() {
        @Override
        public TaskListener tasks() {
            return results::add;
        }
    };

    private void start(Instant wall) {
        var group = new Group(
                "task",
                Placement.IN_PROCESS,
                1,
                0,
                false,
                List.of(),
                Optional.of(tasks.build()),
                SlotHandler.NONE,
                SlotHandler.NONE);
        var manager =
                new ManagerProcess(new Plan(List.of(group), List.of(), Settings.DEFAULT, hooks), new Shifted(wall), "");
        runner = Thread.ofPlatform().start(() -> manager.run(engine::complete));
    }

    private void stop() throws InterruptedException {
        engine.join().shutdown();
        runner.join();
    }

    @AfterEach
    void stopped() throws InterruptedException {
        if (runner.isAlive()) {
            stop();
        }
    }

    private CountDownLatch holdTasks() {
        var goOn = new CountDownLatch(1);
        tasks.untyped(task -> {
            goOn.await();
            return task.data();
        });
        return goOn;
    }

    private static List<String> texts(List<Result> results) {
        return results.stream()
                .map(result -> result instanceof Result.Done done
                        ? done.data().text()
                        : result.getClass().getSimpleName())
                .toList();
    }

    /** Without those that were due before the one before them had ended. */
    private List<Integer> done() {
        return results.stream()
                .filter(Result.Done.class::isInstance)
                .map(done -> Integer.valueOf(((Result.Done) done).data().text()))
                .toList();
    }

    @Test
    void everyMinute_submitsWhenTheMinuteBegins_andItsResultIsHeard() throws InterruptedException {
        tasks.untyped(task -> task.data() + " done");
        tasks.schedule(
                "often", "* * * * *", ZoneOffset.UTC, TaskOptions.DEFAULT, () -> "run " + asked.incrementAndGet());
        start(Instant.parse("2026-11-20T02:59:58Z"));

        // If it has not started when the minute begins, it is for the next one.
        await().atMost(Duration.ofMinutes(3)).until(() -> !results.isEmpty());
        stop();

        assertThat(texts(results)).containsExactly("run 1 done");
    }

    @Test
    void interval_submitsAgainAndAgain_eachAfterTheOneBefore() {
        tasks.untyped(task -> task.data());
        tasks.schedule("beat", Duration.ofMillis(20), TaskOptions.DEFAULT, asked::incrementAndGet);
        start(Instant.EPOCH);

        await().until(() -> done().size() >= 5);

        assertThat(done()).first().isEqualTo(1);
        assertThat(done()).isSorted().doesNotHaveDuplicates();
    }

    @Test
    void runBeforeHasNotEnded_theNextIsRejected_untilItHas() {
        var goOn = holdTasks();
        tasks.schedule("slow", Duration.ofMillis(20), TaskOptions.DEFAULT, asked::incrementAndGet);
        start(Instant.EPOCH);

        await().until(() -> results.size() >= 2);
        assertThat(results).allSatisfy(result -> assertThat(result).isInstanceOf(Result.Rejected.class));
        assertThat(results.toString()).contains("schedule:slow");
        goOn.countDown();
        await().until(() -> texts(results).contains("1"));
        await().until(() -> results.getLast() instanceof Result.Done);
    }

    @Test
    void uniqueKeyOfItsOwn_replacesTheDefault() {
        var goOn = holdTasks();
        tasks.schedule("first", Duration.ofMillis(20), TaskOptions.DEFAULT.uniqueKey("shared"), asked::incrementAndGet);
        start(Instant.EPOCH);

        await().until(() -> !results.isEmpty());
        assertThat(results.toString()).contains("shared").doesNotContain("schedule:first");
        goOn.countDown();
    }

    @Test
    void taskThatCannotBeTold_isLeftOut_andAskedAgain() {
        tasks.untyped(task -> task.data());
        tasks.schedule("moody", Duration.ofMillis(20), TaskOptions.DEFAULT, () -> {
            if (asked.incrementAndGet() < 3) {
                throw new IllegalStateException("not today");
            }
            return "told";
        });
        start(Instant.EPOCH);

        await().until(() -> texts(results).contains("told"));
        assertThat(texts(results)).isSubsetOf("told", "Rejected");
        assertThat(asked).hasValueGreaterThanOrEqualTo(3);
    }

    @Test
    void onceAStopHasBegun_nothingIsDue() throws InterruptedException {
        var running = new CountDownLatch(1);
        var askedAtTheStop = new AtomicInteger();
        tasks.untyped(task -> {
            running.countDown();
            engine.join().shutdown();
            askedAtTheStop.compareAndSet(0, asked.get());
            await().pollDelay(Duration.ofMillis(300)).until(() -> true);
            return task.data();
        });
        tasks.schedule("beat", Duration.ofMillis(50), TaskOptions.DEFAULT.uniqueKey("beat"), asked::incrementAndGet);
        start(Instant.EPOCH);

        running.await();
        runner.join();

        assertThat(asked.get())
                .as("one more that was due while the stop began")
                .isLessThanOrEqualTo(askedAtTheStop.get() + 1);
        assertThat(texts(results)).contains("1");
    }
}
