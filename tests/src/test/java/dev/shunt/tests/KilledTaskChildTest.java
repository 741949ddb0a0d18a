package dev.shunt.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.shunt.testing.Gate;
import dev.shunt.testing.Program;
import dev.shunt.testing.Programs;
import dev.shunt.testing.Signals;
import dev.shunt.testing.Visitor;
import dev.shunt.tests.programs.Ledger;
import dev.shunt.tests.programs.TaskServer;
import java.time.Duration;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** {@code kill -9} of a child that runs tasks: every task has an end, and none runs twice without leave. */
@Tag("processes")
class KilledTaskChildTest {

    @RegisterExtension
    static final Programs programs = new Programs();

    @RegisterExtension
    final Witness witness = new Witness(programs);

    private final Gate gate = witness.gate();

    private Program start(int slots, int processes) {
        return programs.start(
                TaskServer.class, witness.arguments("--task-workers", slots, "--task-processes", processes));
    }

    @Test
    void killedTaskChild_queuedTasksRun() {
        var program = start(2, 1);
        try (var client = new TaskClient(program.port())) {
            var ids = LongStream.range(0, 5)
                    .map(i -> client.submit("gate " + i))
                    .boxed()
                    .toList();
            gate.await(2);
            kill(program.children().getFirst());
            var successors = gate.await(2);
            successors.forEach(Visitor::release);
            gate.await().release();
            assertThat(ids.subList(2, 5))
                    .allSatisfy(id -> assertThat(client.result(id)).startsWith("done passed"));
            assertThat(Ledger.startedIds(witness.ledger())).containsExactlyInAnyOrderElementsOf(ids);
        }
    }

    @Test
    void killedTaskChild_runningTasksAreLost_withTheirIds() {
        var program = start(2, 1);
        try (var client = new TaskClient(program.port())) {
            long first = client.submit("gate a");
            long second = client.submit("gate b");
            gate.await(2);
            var child = program.children().getFirst();
            kill(child);
            assertThat(client.results(2)).containsOnlyKeys(first, second);
            assertThat(client.result(first)).startsWith("lost").contains(Long.toString(child.pid()));
            assertThat(client.result(second)).startsWith("lost");
            program.awaitLine("child 0 of task ended: pid " + child.pid() + ".*SIGKILL");
            assertThat(client.run("echo alive")).isEqualTo("done alive");
            assertThat(Ledger.startedIds(witness.ledger())).containsOnlyOnce(first, second);
        }
    }

    @Test
    void killedTaskChild_isReplaced() {
        var program = start(1, 1);
        program.port();
        var before = program.children();
        kill(before.getFirst());
        await().atMost(Duration.ofSeconds(20))
                .pollInterval(Duration.ofMillis(20))
                .until(() -> program.children().stream().anyMatch(child -> !before.contains(child)));
        try (var client = new TaskClient(program.port())) {
            assertThat(client.run("echo alive")).isEqualTo("done alive");
        }
    }

    @Test
    void killedTaskChild_retriesRunningTasks_ifTheirOptionsAllow() {
        var program = start(1, 1);
        try (var client = new TaskClient(program.port())) {
            long id = client.submitWithRetries(2, "gate a");
            long firstPid = Witness.pid(gate.await());
            kill(program.children().getFirst());
            var second = gate.await();
            assertThat(second.who()).startsWith("task " + id + " attempt 2 ");
            assertThat(Witness.pid(second)).isNotEqualTo(firstPid);
            second.release();
            assertThat(client.result(id)).isEqualTo("done passed a");
            assertThat(witness.attempts(id)).containsExactly(1, 2);
        }
    }

    @Test
    void killedTaskChild_afterTheLastRetry_isLost() {
        var program = start(1, 1);
        try (var client = new TaskClient(program.port())) {
            long id = client.submitWithRetries(1, "gate a");
            for (int attempt = 1; attempt <= 2; attempt++) {
                var visitor = gate.await();
                ProcessHandle.of(Witness.pid(visitor)).orElseThrow().destroyForcibly();
                visitor.awaitGone();
            }
            assertThat(client.result(id)).startsWith("lost");
            assertThat(witness.attempts(id)).containsExactly(1, 2);
        }
    }

    @Test
    void killedTaskChild_filesOfItsLargePayloads_areRemoved() {
        var program = start(1, 1);
        String large = "l".repeat(300_000);
        try (var client = new TaskClient(program.port())) {
            client.submit("gate " + large);
            var visitor = gate.await();
            var ids = LongStream.range(0, 5)
                    .map(i -> client.submit("echo " + large))
                    .boxed()
                    .toList();
            ProcessHandle.of(Witness.pid(visitor)).orElseThrow().destroyForcibly();
            assertThat(ids).allSatisfy(id -> assertThat(client.result(id)).isEqualTo("done " + large));
            await().until(() -> RunDirectories.filesIn(programs.directory()).stream()
                    .noneMatch(file -> file.toFile().length() >= large.length()));
        }
    }

    @Test
    void killedTaskChild_doesNotTouchTasksOfItsSiblings() {
        var program = start(2, 2);
        try (var client = new TaskClient(program.port())) {
            long first = client.submit("gate a");
            var visitor = gate.await();
            long second = client.submit("gate b");
            var sibling = gate.await();
            assertThat(Witness.pid(sibling))
                    .as("two processes of one slot each")
                    .isNotEqualTo(Witness.pid(visitor));
            ProcessHandle.of(Witness.pid(visitor)).orElseThrow().destroyForcibly();
            assertThat(client.result(first)).startsWith("lost");
            sibling.release();
            assertThat(client.result(second)).isEqualTo("done passed b");
        }
    }

    @Test
    void stoppedWithSigterm_childFinishesWhatRuns_andIsReplaced() {
        var program = start(1, 1);
        try (var client = new TaskClient(program.port())) {
            long running = client.submit("gate a");
            long queued = client.submit("echo b");
            var visitor = gate.await();
            ProcessHandle.of(Witness.pid(visitor)).orElseThrow().destroy();
            visitor.release();
            assertThat(client.result(running)).isEqualTo("done passed a");
            assertThat(client.result(queued)).isEqualTo("done b");
            assertThat(Ledger.startedIds(witness.ledger())).containsExactly(running, queued);
        }
    }

    /** A process that hangs as a whole answers nothing, and does not end when asked. */
    @Test
    void stoppedTaskChild_delaysNoOther_andDoesNotHoldTheStop() {
        var program = start(2, 2);
        int port = program.port();
        try (var client = new TaskClient(port)) {
            client.submit("gate a");
            Signals.send("STOP", Witness.pid(gate.await()));
            for (int i = 0; i < 100; i++) {
                assertThat(client.run("echo " + i)).isEqualTo("done " + i);
            }
        }
        assertThat(program.stop()).isZero();
        assertThat(program.children()).isEmpty();
        assertThat(RunDirectories.in(programs.directory())).isEmpty();
    }

    private static void kill(ProcessHandle child) {
        assertThat(child.destroyForcibly()).isTrue();
    }
}
