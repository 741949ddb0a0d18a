package dev.shunt.tests;

import static dev.shunt.tests.MetricSamples.sum;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.shunt.data.Codec;
import dev.shunt.data.Data;
import dev.shunt.stats.Stats;
import dev.shunt.testing.LineClient;
import dev.shunt.testing.Program;
import dev.shunt.tests.programs.Chaos;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import org.awaitility.core.ConditionTimeoutException;

/** A client of {@code Chaos} that gives it its load, and at the end looks whether its books balance. */
record ChaosDriver(LineClient client, Path book, Random random) {

    private static final int TASKS_A_SECOND = Integer.getInteger("shunt.chaos.rate", 500);
    private static final int OUTSTANDING = 2_000;
    private static final Duration ALL_IS_OVER = Duration.ofMinutes(2);

    ChaosBooks books() {
        return ChaosBooks.read(book);
    }

    /** Load for so long, and a step of what is done to the program now and then. */
    void load(Runnable step, long millis) {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
        while (System.nanoTime() - end < 0) {
            step.run();
            long next = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(100 + random.nextInt(700));
            loadUntil(() -> System.nanoTime() - next >= 0, Program.PATIENCE, "a moment");
        }
    }

    void loadUntil(BooleanSupplier end, Duration atMost, String what) {
        int perTurn = TASKS_A_SECOND / 20;
        await(what)
                .atMost(atMost)
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(50))
                .until(() -> {
                    if (Integer.parseInt(client.ask("outstanding")) < OUTSTANDING) {
                        client.send("submit " + perTurn);
                    }
                    return end.getAsBoolean();
                });
    }

    /** Every task has ended. */
    void awaitIdle() {
        try {
            await().atMost(ALL_IS_OVER).pollInterval(Duration.ofMillis(200)).until(this::isIdle);
        } catch (ConditionTimeoutException e) {
            throw new AssertionError("not over: " + stats() + "\n" + String.join("\n", books().problems()), e);
        }
    }

    private boolean isIdle() {
        int lines = books().size();
        var tasks = stats().tasks();
        return tasks.queued() == 0
                && tasks.running() == 0
                && client.ask("outstanding").equals("0")
                && stats().tasks().submitted() == tasks.submitted()
                && books().size() == lines;
    }

    /** The last one killed may wait for its start, a reload may go on. */
    void awaitEveryChild(Program program) {
        await("every child in its place")
                .during(Duration.ofSeconds(2)) // one may be about to leave
                .atMost(ALL_IS_OVER)
                .until(() -> {
                    var slots = stats().slots();
                    return slots.idleTasks() == slots.tasks()
                            && program.children().size() == Chaos.PROCESSES;
                });
    }

    /** Counters, gauges and timers agree with each other, and with what the program says of itself. */
    void assertMetrics(ControlSocket control) {
        var tasks = stats().tasks();
        var samples = MetricSamples.of(control.getPatiently("/metrics").text());
        long ended = count(samples, "shunt_tasks_ended_total");
        assertThat(count(samples, "shunt_tasks_submitted_total"))
                .isEqualTo(tasks.submitted())
                .isEqualTo(ended + count(samples, "shunt_tasks_queued") + count(samples, "shunt_tasks_running"));
        assertThat(count(samples, "shunt_tasks_ended_total", "\"done\"")).isEqualTo(tasks.done());
        assertThat(count(samples, "shunt_tasks_ended_total", "\"failed\"")).isEqualTo(tasks.failed());
        assertThat(count(samples, "shunt_tasks_ended_total", "\"timed_out\"")).isEqualTo(tasks.timedOut());
        assertThat(count(samples, "shunt_tasks_ended_total", "\"lost\"")).isEqualTo(tasks.lost());
        long began = count(samples, "shunt_task_wait_seconds_count");
        long attempts = count(samples, "shunt_task_run_seconds_count");
        long retried = count(samples, "shunt_tasks_retried_total");
        assertThat(attempts).as("attempts").isBetween(began, began + retried);
        assertThat(count(samples, "shunt_task_total_seconds_count"))
                .as("what was rejected was not always accepted before")
                .isBetween(ended - tasks.rejected(), ended);
    }

    private static long count(Map<String, Double> samples, String... parts) {
        return Math.round(sum(samples, parts));
    }

    /** Each task has one end, and the program has counted what the books have. */
    void assertBalance() {
        var books = books();
        assertThat(books.problems()).isEmpty();
        var tasks = stats().tasks();
        assertThat(tasks.submitted())
                .isEqualTo(tasks.done()
                        + tasks.failed()
                        + tasks.lost()
                        + tasks.timedOut()
                        + tasks.cancelled()
                        + tasks.rejected());
        assertThat(tasks.failed()).isEqualTo(books.ended("failed"));
        assertThat(tasks.timedOut()).isEqualTo(books.ended("timed-out"));
        assertThat(tasks.cancelled()).isEqualTo(books.ended("cancelled"));
        long told = books.ended("done") + books.ended("lost") + books.ended("rejected");
        assertThat(tasks.done() + tasks.lost() + tasks.rejected())
                .as("those told of, and those that tasks waited for, of which some died waiting")
                .isBetween(told + books.heard("done") + books.heard("rejected"), told + books.asked());
        assertThat(dead()).isEqualTo(books.dead());
        assertThat(tasks.dead()).isEqualTo(books.dead().size());
    }

    Stats stats() {
        byte[] json = client.ask("stats").getBytes(StandardCharsets.UTF_8);
        return Data.received(Data.Kind.OBJECT, json, Codec.json()).as(Stats.class);
    }

    /** Ids of the dead letters. */
    Set<Long> dead() {
        String answer = client.ask("dead");
        return answer.equals("none")
                ? Set.of()
                : Arrays.stream(answer.strip().split(" ", -1))
                        .map(Long::valueOf)
                        .collect(Collectors.toCollection(TreeSet::new));
    }
}
