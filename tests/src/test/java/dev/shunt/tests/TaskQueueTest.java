package dev.shunt.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.shunt.testing.Gate;
import dev.shunt.testing.Launch;
import dev.shunt.testing.Program;
import dev.shunt.testing.Programs;
import dev.shunt.testing.Visitor;
import dev.shunt.tests.programs.Ledger;
import dev.shunt.tests.programs.Workbench;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A full queue: what becomes of one more task, and who waits. One task worker stands at the gate, and the queue fills. */
@Tag("processes")
class TaskQueueTest {

    private static final int QUEUE = 10;

    /** Tasks that the program hands out before it is asked to. */
    private static final int AT_START = 3;

    /** With a heap that is smaller than what comes, collections take most of the time. */
    private static final Duration SLOW_HEAP = Duration.ofSeconds(90);

    @RegisterExtension
    static final Programs programs = new Programs();

    @TempDir
    Path directory;

    @RegisterExtension
    final Witness witness = new Witness(programs);

    private final Gate gate = witness.gate();

    private Program start(Object... arguments) {
        var program =
                programs.start(Launch.of(Workbench.class, witness.arguments("--task-workers", 1, "--queue", QUEUE))
                        .withArguments(arguments));
        program.port();
        return program;
    }

    /** The one task worker runs something, and as many tasks wait as may. */
    private Visitor fill(WorkbenchClient client) {
        client.task("task - gate first");
        var visitor = gate.await();
        client.send("times " + QUEUE + " task - echo fill");
        IntStream.range(0, QUEUE).forEach(_ -> client.await("task \\d+ @.*"));
        await().until(() -> client.ask("stats", "\\{.*}").contains("\"queued\":" + QUEUE + ","));
        return visitor;
    }

    private static void assertAllEnded(WorkbenchClient client, int tasks) {
        IntStream.range(0, tasks).forEach(_ -> client.await("callback done .*"));
    }

    @Test
    void reject_isAnAnswer_alsoForAHandleAndInACallbackThatTriesAgain() {
        var program = start();
        try (var client = new WorkbenchClient(program.port())) {
            var visitor = fill(client);
            long id = client.task("plain context=c echo more");
            client.await("unfinished rejected " + id + " .*" + QUEUE + " tasks wait already \\(c\\) @.*");
            long durable = client.task("handle durability=DISK echo more");
            client.await("stored " + durable + " .*IOException.*" + QUEUE + " tasks wait already @.*");
            client.await("result rejected " + durable + " .*");
            client.send("again - echo persistent");
            client.ask("ping", "pong @.*");
            visitor.release();
            client.await("at last done \\d+ persistent @.*");
            assertAllEnded(client, QUEUE + 1);
        }
    }

    @Test
    void fullAndDrained_areToldOnceEach() {
        var program = start();
        try (var client = new WorkbenchClient(program.port())) {
            for (int round = 1; round <= 2; round++) {
                var visitor = fill(client);
                program.awaitLines("^queue full: 8$", round);
                assertThat(program.lines())
                        .filteredOn(line -> line.startsWith("queue drained"))
                        .hasSize(round - 1);
                visitor.release();
                program.awaitLines("^queue drained: 4$", round);
                assertAllEnded(client, QUEUE + 1);
            }
            assertThat(program.lines())
                    .filteredOn(line -> line.startsWith("queue full"))
                    .hasSize(2);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"children", "in_process", "event_loop"})
    void wait_whoMayWaitGoesOnWhenThereIsRoom_theOthersAreRejectedWithTheRemedy(String placement) {
        var program = start("--when-full", "WAIT", "--placement", placement, "--workers", 2);
        try (var client = new WorkbenchClient(program.port());
                var other = new WorkbenchClient(program.port())) {
            var visitor = fill(client);
            boolean onLoop = placement.equals("event_loop");
            int waiters = onLoop ? 1 : 2;
            other.send("thread task - echo thread");
            if (onLoop) {
                long id = client.task("task - echo loop");
                client.await(
                        "callback rejected " + id + " .*" + QUEUE + " tasks wait already.*placement\\(CHILDREN\\).*");
                client.send("multi 100 echo refused");
                client.await("refused .*event loop.*");
            } else {
                other.send("on 1 handle - echo slot");
            }
            awaitQueued(client, QUEUE + waiters);
            client.send("thread multi 200 echo late;echo later");
            client.await("multi \\{} @Thread-.*");
            awaitQueued(client, QUEUE + waiters + 2);
            visitor.release();
            other.await("callback done \\d+ thread @.*");
            if (!onLoop) {
                other.await("result done \\d+ slot @1");
            }
            assertAllEnded(client, QUEUE + 1);
            await().untilAsserted(() ->
                    assertThat(Ledger.startedIds(witness.ledger())).hasSize(AT_START + 1 + QUEUE + waiters + 2));
        }
    }

    private static void awaitQueued(WorkbenchClient client, int tasks) {
        await().atMost(SLOW_HEAP).until(() -> client.ask("stats", "\\{.*}").contains("\"queued\":" + tasks + ","));
    }

    @ParameterizedTest
    @ValueSource(strings = {"children", "in_process"})
    void wait_anInterruptedThreadStopsWaiting_andItsTaskIsRejected(String placement) {
        var program = start("--when-full", "WAIT", "--placement", placement, "--workers", 2);
        try (var client = new WorkbenchClient(program.port())) {
            var visitor = fill(client);
            client.send("on 1 interrupted task - echo refused");
            client.await("callback rejected \\d+ .*interrupted.*");
            client.await("still interrupted: true @1");
            awaitQueued(client, QUEUE);
            visitor.release();
            assertAllEnded(client, QUEUE + 1);
            client.send("on 1 interrupted task - echo there is room");
            client.await("still interrupted: true @1");
            client.await("callback (done|rejected) .*");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"children", "in_process"})
    void wait_pastTheDeadline_isTimedOut_andTheCallerGoesOn(String placement) {
        var program = start("--when-full", "WAIT", "--placement", placement, "--workers", 2);
        try (var client = new WorkbenchClient(program.port())) {
            var visitor = fill(client);
            client.send("on 1 handle durability=DISK,deadline=50 echo late");
            client.await("stored \\d+ .*IOException.*timed-out.*|stored \\d+ .*IOException.*TimedOut.*");
            client.await("result timed-out \\d+ @1");
            awaitQueued(client, QUEUE);
            visitor.release();
            assertAllEnded(client, QUEUE + 1);
        }
    }

    @Test
    void wait_asManyAsTheQueueTakes_moreAreRejected() {
        var program = start("--when-full", "WAIT");
        try (var client = new WorkbenchClient(program.port())) {
            var visitor = fill(client);
            client.send("thread multi 60000 " + String.join(";", Collections.nCopies(QUEUE + 1, "echo a")));
            awaitQueued(client, 2 * QUEUE);
            visitor.release();
            String results = client.await("multi (.*) @Thread-.*").group(1);
            assertThat(results).containsOnlyOnce("rejected").contains("and as many for room");
        }
    }

    @Test
    void spilled_cancelledOrPastItsDeadline_isOverAtOnce() {
        var program =
                start("--when-full", "SPILL", "--log", directory.resolve("tasks.db"), "--placement", "in_process");
        try (var client = new WorkbenchClient(program.port())) {
            var visitor = fill(client);
            long late = client.task("plain deadline=50,retries=1,context=c echo late");
            client.await("unfinished timed-out " + late + " .*\\(c\\) @.*");
            long id = client.task("handle - echo cancelled");
            long early = client.task("cancelled - echo cancelled early");
            client.send("cancel - " + id);
            client.await("result cancelled " + id + " @.*");
            client.await("result cancelled " + early + " @.*");
            awaitQueued(client, QUEUE);
            visitor.release();
            assertAllEnded(client, QUEUE + 1);
            client.send("dead " + (late - 1) + " 1");
            client.await("dead \\[" + late + " TIMED_OUT after 0 .*");
            assertThat(Ledger.startedIds(witness.ledger())).doesNotContain(late, id, early);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"children", "in_process"})
    void wait_aTaskWorkerNeverDoes(String taskPlacement) {
        var program = start("--when-full", "WAIT", "--task-placement", taskPlacement);
        try (var client = new WorkbenchClient(program.port())) {
            String fd = client.ask("me", "me (\\d+) @.*");
            var visitor = fill(client);
            visitor.release("spin-millis 0");
            assertAllEnded(client, QUEUE + 1);
            client.task("task - do " + fd + " times " + (2 * QUEUE) + " task - gate nested");
            IntStream.range(0, QUEUE).forEach(_ -> gate.await().release());
            client.await("callback done \\d+ did @.*");
            for (int i = 0; i < QUEUE; i++) {
                client.await("callback rejected \\d+ .* tasks wait already.* @2");
                client.await("callback done \\d+ passed nested @2");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"children", "in_process"})
    void wait_whileTheProgramStops_endsWithRejected(String placement) {
        var program =
                start("--when-full", "WAIT", "--placement", placement, "--workers", 2, "--max-wait-millis", 20_000);
        try (var client = new WorkbenchClient(program.port());
                var other = new WorkbenchClient(program.port())) {
            var visitor = fill(client);
            other.send("thread task - echo thread").send("on 1 task - echo slot");
            awaitQueued(client, QUEUE + 2);
            client.send("shutdown");
            other.await("callback rejected \\d+ the program is stopping @.*");
            other.await("callback rejected \\d+ the program is stopping @.*");
            visitor.release();
            assertThat(program.exitCode()).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"children", "in_process"})
    void spill_keepsOrder_losesNothing(String taskPlacement) {
        var program = start(
                "--when-full",
                "SPILL",
                "--task-placement",
                taskPlacement,
                "--log",
                directory.resolve("tasks.db"),
                "--placement",
                "in_process");
        int tasks = 500;
        try (var client = new WorkbenchClient(program.port())) {
            client.task("task - gate first");
            var visitor = gate.await();
            client.send("times " + tasks + " task - echo #");
            var ids = new ArrayList<Long>();
            IntStream.range(0, tasks)
                    .forEach(_ ->
                            ids.add(Long.valueOf(client.await("task (\\d+) @.*").group(1))));
            awaitQueued(client, tasks);
            visitor.release();
            client.send("times " + tasks + " task - echo #");
            for (int i = 0; i < 2 * tasks; i++) {
                client.await("callback done \\d+ " + i % tasks + " @.*");
            }
            assertThat(Ledger.startedIds(witness.ledger()))
                    .hasSize(AT_START + 1 + 2 * tasks)
                    .isSorted()
                    .doesNotHaveDuplicates();
            client.send("dead -1 1");
            client.await("dead \\[] @.*");
        }
    }

    /** Whoever asked is told that it is not over; what was asked for comes to its end in the next run. */
    @Test
    void spill_whileTheProgramStops_isKept_andRunsInTheNext() {
        Object[] arguments = {"--when-full", "SPILL", "--log", directory.resolve("tasks.db")};
        var program = start(arguments);
        var ids = new ArrayList<Long>();
        try (var client = new WorkbenchClient(program.port())) {
            var visitor = fill(client);
            for (int i = 0; i < 3; i++) {
                ids.add(client.task("plain context=c" + i + " echo spilled"));
            }
            awaitQueued(client, QUEUE + 3);
            client.send("shutdown");
            for (long id : ids) {
                client.await("unfinished lost " + id + " .*the log keeps the task.* \\(c\\d\\) @.*");
            }
            visitor.release();
            assertThat(program.exitCode()).isZero();
        }
        var next = start(arguments);
        for (long id : ids) {
            next.awaitLine("^orphan finish done " + id + " spilled \\(c\\d\\) @");
        }
    }

    /** More than the manager's heap holds. */
    @Test
    void spill_boundsTheMemory() {
        var launch = Launch.of(
                        Workbench.class,
                        "--task-workers",
                        1,
                        "--queue",
                        QUEUE,
                        "--gate",
                        gate.port(),
                        "--when-full",
                        "SPILL",
                        "--placement",
                        "in_process",
                        "--log",
                        directory.resolve("tasks.db"))
                .withOptions("-Xmx64m");
        var program = programs.start(launch);
        int tasks = 80;
        try (var client = new WorkbenchClient(program.port())) {
            client.task("task - gate first");
            var visitor = gate.await();
            for (int i = 0; i < tasks; i++) {
                client.task("plain context=" + i + " nothing " + "x".repeat(1 << 20));
            }
            awaitQueued(client, tasks);
            visitor.release();
            for (int i = 0; i < tasks; i++) {
                client.await("finish done \\d+ +\\(" + i + "\\) @.*");
            }
        }
    }

    @Test
    void spill_withoutALog_isRefusedAtTheStart() {
        var program = programs.start(Workbench.class, "--when-full", "SPILL");
        assertThat(program.exitCode()).isNotZero();
        assertThat(String.join("\n", program.errors())).contains("taskLog(...)");
    }

    @Test
    void tasksAndWaitersGoOn_asSoonAsAChildIsThereAgain() {
        var program = start("--when-full", "WAIT", "--task-workers", 2, "--task-processes", 1, "--queue", 1);
        try (var client = new WorkbenchClient(program.port())) {
            client.task("task - gate a");
            client.task("task - gate b");
            List<Visitor> both = gate.await(2);
            client.task("task - gate c");
            client.send("thread task - gate d");
            awaitQueued(client, 2);
            ProcessHandle.of(Witness.pid(both.getFirst())).orElseThrow().destroyForcibly();
            assertThat(gate.await(2))
                    .as("c and d run at the same time")
                    .hasSize(2)
                    .allMatch(visitor -> {
                        visitor.release();
                        return true;
                    });
            client.await("callback done \\d+ passed d @.*");
        }
    }
}
