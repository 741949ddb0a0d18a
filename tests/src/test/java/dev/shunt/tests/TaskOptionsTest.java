package dev.shunt.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.shunt.testing.Gate;
import dev.shunt.testing.Launch;
import dev.shunt.testing.Program;
import dev.shunt.testing.Programs;
import dev.shunt.testing.Visitor;
import dev.shunt.tests.programs.Ledger;
import dev.shunt.tests.programs.Ledger.Entry;
import dev.shunt.tests.programs.Workbench;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/** What a task's options promise, wherever it runs, and dead letters in memory. A gate is the witness of order. */
@Tag("processes")
@ParameterizedClass
@ValueSource(strings = {"children", "in_process"})
class TaskOptionsTest {

    private static final int TASK_WORKERS = 4;
    private static final int RATE_MILLIS = 100;

    @RegisterExtension
    static final Programs programs = new Programs();

    private static final Gate gate = new Gate();

    @SuppressWarnings("NullAway.Init") // before each run of the suite
    private static Program program;

    @SuppressWarnings("NullAway.Init") // before each run of the suite
    private static Path ledger;

    TaskOptionsTest(@SuppressWarnings("unused") String placement) {}

    @BeforeParameterizedClassInvocation
    static void start(String placement) throws Exception {
        ledger = Files.createTempDirectory(programs.directory(), "ledger").resolve(placement);
        program = programs.start(Launch.of(
                Workbench.class,
                "--task-placement",
                placement,
                "--task-workers",
                TASK_WORKERS,
                "--task-processes",
                placement.equals("children") ? 2 : 0,
                "--rate-millis",
                RATE_MILLIS,
                "--max-wait-millis", // a child that a timeout replaces ends in its time, and takes no other test's task
                // with it
                60_000,
                "--gate",
                gate.port(),
                "--ledger",
                ledger));
        program.port();
    }

    @AfterAll
    static void closeGate() {
        gate.close();
    }

    private WorkbenchClient client() {
        return new WorkbenchClient(program.port());
    }

    private static List<Integer> attempts(long id) {
        return Ledger.read(ledger).stream()
                .filter(entry -> entry.taskId() == id && entry.event().equals("started"))
                .map(Entry::attempt)
                .toList();
    }

    /** Keeps all task workers busy until they are released. A long task before makes sure that none is sent ahead. */
    private static List<Visitor> occupyAll(WorkbenchClient client) {
        long slow = client.task("task timeout=100 until-interrupted echo slow");
        client.await("callback done " + slow + " slow @.*");
        for (int i = 0; i < TASK_WORKERS; i++) {
            client.task("task - gate occupied");
        }
        return gate.await(TASK_WORKERS);
    }

    // Retries

    @Test
    void retry_untilItSucceeds_asOftenAsAllowed() {
        try (var client = client()) {
            long id = client.task("task retries=3,backoff=1 gate a");
            gate.await().release("throw first");
            gate.await().release("throw second");
            gate.await().release("echo third");
            client.await("callback done " + id + " third @.*");
            assertThat(attempts(id)).containsExactly(1, 2, 3);
        }
    }

    @Test
    void retry_afterLastAttempt_isADeadLetter() {
        try (var client = client()) {
            long id = client.task("plain retries=2,backoff=1,context=c throw always");
            client.await("unfinished failed " + id + " .*IllegalStateException: always.* \\(c\\) @.*");
            assertThat(attempts(id)).containsExactly(1, 2, 3);
            client.send("dead " + (id - 1) + " 1");
            client.await(
                    "dead \\[" + id + " FAILED after 3 throw always: java.lang.IllegalStateException: always] @.*");
        }
    }

    @Test
    void backoff_isWaitedFor_theSlotIsFreeMeanwhile() {
        try (var client = client()) {
            long began = System.nanoTime();
            long id = client.task("task retries=1,backoff=5000,slot=0 throw first");
            client.send("at 0 echo meanwhile");
            client.await("done \\d+ meanwhile @.*");
            assertThat(attempts(id)).as("the other task ran before the retry").containsExactly(1);
            client.await("callback failed " + id + " .*");
            assertThat(Duration.ofNanos(System.nanoTime() - began)).isGreaterThanOrEqualTo(Duration.ofMillis(2_500));
        }
    }

    @Test
    void onTaskError_retriesAfterItsDelay_givesUp_orLeavesItToTheOptions() {
        try (var client = client()) {
            long soon = client.task("task retries=1,backoff=3600000 gate a");
            gate.await().release("throw retry after 1");
            gate.await().release("echo again");
            client.await("callback done " + soon + " again @.*");
            long never = client.task("task retries=5,backoff=1 throw give up");
            client.await("callback failed " + never + " .*: give up at .*");
            assertThat(attempts(never)).containsExactly(1);
            long more = client.task("task backoff=1 throw retry after 1");
            client.await("callback failed " + more + " .*");
            assertThat(attempts(more)).as("no more than the options allow").containsExactly(1);
        }
    }

    @Test
    void onTaskError_thatThrowsOrDecidesNothing_leavesItToTheOptions() {
        try (var client = client()) {
            for (String decision : List.of("decide badly", "decide nothing")) {
                long id = client.task("task retries=1,backoff=1 throw " + decision);
                client.await("callback failed " + id + " .*: " + decision + " at .*");
                assertThat(attempts(id)).containsExactly(1, 2);
            }
        }
    }

    @Test
    void undecodablePayload_failsThatTaskAlone() {
        try (var client = client()) {
            long id = client.task("plain retries=1,backoff=1 unheard-of");
            client.await("unfinished failed " + id + " .*unknown verb.*");
            client.send("at 0 echo next");
            client.await("done \\d+ next @.*");
        }
    }

    // Time

    @Test
    void delayAndAt_areWaitedFor_aTimeThatHasPassedMeansAtOnce() {
        try (var client = client()) {
            long began = System.nanoTime();
            long delayed = client.task("task delay=3000 echo late");
            long at = client.task("task at=" + (Instant.now().toEpochMilli() + 3_000) + " echo late");
            client.task("task at=1 echo soon");
            client.await("callback done \\d+ soon @.*");
            assertThat(attempts(delayed)).isEmpty();
            client.await("callback done " + delayed + " late @.*");
            assertThat(Duration.ofNanos(System.nanoTime() - began)).isGreaterThanOrEqualTo(Duration.ofSeconds(3));
            client.await("callback done " + at + " late @.*");
        }
    }

    @Test
    void deadline_ofAWaitingTask_isTimedOut_withoutARun() {
        try (var client = client()) {
            var occupied = occupyAll(client);
            long id = client.task("plain deadline=20,context=c echo never");
            client.await("unfinished timed-out " + id + " \\(c\\) @.*");
            occupied.forEach(Visitor::release);
            long retried = client.task("task deadline=10000,retries=9,backoff=3600000 throw up");
            client.await("callback failed " + retried + " .*: up at .*");
            assertThat(attempts(id)).isEmpty();
            assertThat(attempts(retried))
                    .as("no retry comes before the deadline")
                    .containsExactly(1);
        }
    }

    @Test
    void deadline_ofARunningTask_interruptsIt() {
        try (var client = client()) {
            long yields = client.task("task deadline=4000 until-interrupted cancelled");
            long throwing = client.task("task deadline=4000,retries=3,backoff=1 until-interrupted throw up");
            client.await("callback done " + yields + " true @.*");
            client.await("callback timed-out " + throwing + " @.*");
            assertThat(attempts(throwing)).containsExactly(1);
        }
    }

    @Test
    void timeout_ofAnAttempt_interruptsIt_andItIsRetried() {
        try (var client = client()) {
            long id = client.task("task timeout=2000,retries=1,backoff=1 gate a");
            gate.await().release("until-interrupted throw first");
            gate.await().release("echo second");
            client.await("callback done " + id + " second @.*");
            long never = client.task("plain timeout=100,retries=1,backoff=1 until-interrupted throw up");
            client.await("unfinished timed-out " + never + " .*");
            assertThat(attempts(never)).containsExactly(1, 2);
            client.send("dead " + (never - 1) + " 1");
            client.await("dead \\[" + never + " TIMED_OUT after 2 .*");
        }
    }

    @Test
    void timeoutOrCancel_ofAResultThatComesLater_cancelsWhatItWaitsFor_andTheSlotIsFree() {
        try (var client = client()) {
            long late = client.task("task timeout=1000,slot=0 later-never");
            client.await("callback timed-out " + late + " @.*");
            program.awaitLine("^what task " + late + " waited for: .*CancellationException");
            long retried = client.task("task timeout=500,retries=1,backoff=1 later-never");
            client.await("callback timed-out " + retried + " @.*");
            assertThat(attempts(retried)).containsExactly(1, 2);
            long unwanted = client.task("handle slot=0 later-never");
            client.await("progress " + unwanted + " waits @.*");
            client.send("cancel - " + unwanted);
            client.await("result cancelled " + unwanted + " @.*");
            program.awaitLine("^what task " + unwanted + " waited for: .*CancellationException");
            client.send("at 0 echo free");
            client.await("done \\d+ free @.*");
        }
    }

    /** In this process its caller is told before that; a child is replaced, and killed if its successor is there before that. */
    @Test
    void handlerThatGoesOnAfterItsTimeout_hasItsKeys_untilItHasEnded() {
        try (var client = client()) {
            for (String key : List.of("unique=u:REPLACE", "order=o")) {
                long slow = client.task("task timeout=100," + key + " stubborn");
                client.await("callback (timed-out|done) " + slow + " .*@.*");
                client.task("task " + key + " echo after");
                client.await("callback done \\d+ after @.*");
                var events = Ledger.read(ledger).stream()
                        .filter(entry -> entry.taskId() >= slow)
                        .map(Entry::event)
                        .toList();
                if (events.contains("passed")) {
                    assertThat(events).as("one after the other").containsExactly("started", "passed", "started");
                } else {
                    assertThat(events).containsExactly("started", "started");
                    program.awaitLine("what it still runs does not end when it is interrupted; it is killed");
                }
            }
        }
    }

    // Order

    @Test
    void priority_urgentGoesFirst_lowDoesNotStarve() {
        try (var client = client()) {
            var occupied = occupyAll(client);
            long low = client.task("task priority=LOW gate low");
            LongStream.range(0, 40).forEach(_ -> client.task("task priority=URGENT gate urgent"));
            occupied.getFirst().release();
            assertThat(next()).endsWith("urgent");
            var early = LongStream.range(0, 11).mapToObj(_ -> next()).toList();
            assertThat(early).anyMatch(who -> who.startsWith("task " + low + " "));
            occupied.subList(1, TASK_WORKERS).forEach(Visitor::release);
            LongStream.range(0, 41 - 12).forEach(_ -> next());
        }
    }

    /** A task worker that is free runs the next; in the order of the tasks, while only one is. */
    private static String next() {
        var visitor = gate.await();
        visitor.release();
        return visitor.who();
    }

    @Test
    void uniqueKey_drops_joinsOrReplaces() {
        try (var client = client()) {
            long first = client.task("task unique=k:DROP,context=c gate a");
            var visitor = gate.await();
            long dropped = client.task("plain unique=k:DROP,context=c echo b");
            client.await("unfinished rejected " + dropped + " .*unique key 'k'.* \\(c\\) @.*");
            long joined = client.task("task unique=k:JOIN echo c");
            long plain = client.task("plain unique=k:JOIN,context=c echo c");
            // Before that the main loop, which another loop asked, may hear of the end of the first one.
            await().until(() -> client.ask("stats", "\\{.*}").contains("\"queued\":2,"));
            visitor.release("finish-then half echo whole");
            client.await("callback done " + first + " whole @.*");
            client.await("callback done " + joined + " whole @.*");
            client.await("finish done " + plain + " whole \\(c\\) @.*");
            long old = client.task("task unique=k:REPLACE delay=3600000 echo never");
            assertThat(old).isPositive();
            client.await("callback failed " + old + " .*");
            long waits = client.task("task unique=k:REPLACE,delay=3600000 echo never");
            long next = client.task("task unique=k:REPLACE echo instead");
            client.await("callback cancelled " + waits + " @.*");
            client.await("callback done " + next + " instead @.*");
            long runs = client.task("task unique=k:REPLACE until-interrupted throw up");
            long after = client.task("task unique=k:REPLACE echo after");
            client.await("callback cancelled " + runs + " @.*");
            client.await("callback done " + after + " after @.*");
        }
    }

    @Test
    void orderingKey_keepsOrder_alsoWhenOneIsRetried_othersGoOn() {
        try (var client = client()) {
            long first = client.task("task order=k,retries=1,backoff=100 gate a");
            long second = client.task("task order=k gate b");
            var a = gate.await();
            assertThat(a.who()).startsWith("task " + first + " ");
            client.send("task order=other echo c");
            client.await("callback done \\d+ c @.*");
            a.release("throw once");
            var again = gate.await();
            assertThat(again.who()).startsWith("task " + first + " attempt 2 ");
            again.release();
            var b = gate.await();
            assertThat(b.who()).startsWith("task " + second + " ");
            b.release();
            client.await("callback done " + second + " .*");
        }
    }

    @Test
    void rateLimit_spreadsStarts() {
        try (var client = client()) {
            long began = System.nanoTime();
            client.send("times 6 sum - #");
            for (int i = 0; i < 6; i++) {
                client.await("result done \\d+ " + (i + 1) + " @.*");
            }
            assertThat(Duration.ofNanos(System.nanoTime() - began))
                    .isGreaterThanOrEqualTo(Duration.ofMillis(4 * RATE_MILLIS));
        }
    }

    // Dead letters

    @Test
    void deadLetters_areListedPagedRunAgainAndDiscarded() {
        try (var client = client()) {
            long first = client.task("task retries=1,backoff=1 gate one");
            gate.await().release("throw up");
            gate.await().release("throw down");
            client.await("callback failed " + first + " .*");
            long second = client.task("task retries=1,backoff=1 throw up");
            client.await("callback failed " + second + " .*");
            long plain = client.task("task - throw up");
            client.await("callback failed " + plain + " .*");
            client.send("dead " + (first - 1) + " 1");
            client.await("dead \\[" + first + " FAILED after 2 gate one: java.lang.IllegalStateException: down] @[01]");
            client.send("dead " + first + " 10");
            client.await("dead \\[" + second + " FAILED [^,]*] @[01]");

            client.send("rerun - " + first);
            client.await("rerun true @[01]");
            var visitor = gate.await();
            assertThat(visitor.who()).startsWith("task " + first + " attempt 1 ");
            visitor.release("echo well");
            client.await("finish done " + first + " well \\(\\) @.*");
            client.send("rerun - " + first);
            client.await("rerun false @[01]");
            client.send("discard - " + second);
            client.await("discarded true @[01]");
            client.send("discard - " + second);
            client.await("discarded false @[01]");
            client.send("dead " + (first - 1) + " 10");
            client.await("dead \\[] @[01]");

            client.send("rerun - 987654321");
            client.await("rerun false @[01]");
            client.send("discard - 987654321");
            client.await("discarded false @[01]");
            client.send("dead -1 0");
            client.await("refused .* @[01]");
            client.send("on " + (2 + TASK_WORKERS - 1) + " ping");
            client.await("pong @.*");
        }
    }

    @Test
    void rerunThatFailsAgain_isADeadLetterAgain() {
        try (var client = client()) {
            long id = client.task("task retries=1,backoff=1 throw up");
            client.await("callback failed " + id + " .*");
            client.send("rerun - " + id);
            client.await("rerun true @[01]");
            client.await("unfinished failed " + id + " .*");
            assertThat(attempts(id)).containsExactly(1, 2, 1, 2);
            client.send("dead " + (id - 1) + " 1");
            client.await("dead \\[" + id + " FAILED after 2 .*");
        }
    }

    @Test
    void durableWithoutALogOnDisk_isRejected_withTheRemedy() {
        try (var client = client()) {
            for (String durability : List.of("DISK", "SYNC")) {
                long id = client.task("handle durability=" + durability + " echo never");
                client.await("stored " + id + " .*IOException.*taskLog\\(SqliteTaskLog.at\\(file\\)\\).* @[01]");
                client.await("result rejected " + id + " .*taskLog\\(SqliteTaskLog.at\\(file\\)\\).* @[01]");
                assertThat(attempts(id)).isEmpty();
            }
        }
    }
}
