package dev.shunt.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.shunt.testing.Gate;
import dev.shunt.testing.Launch;
import dev.shunt.testing.LineClient;
import dev.shunt.testing.Program;
import dev.shunt.testing.Programs;
import dev.shunt.testing.Signals;
import dev.shunt.tests.programs.Faltering;
import dev.shunt.tests.programs.Ledger;
import dev.shunt.tests.programs.TaskServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** What can go wrong while children are replaced: successors that cannot start, kills at every step, endless tasks. */
@Tag("processes")
class ReloadFailureTest {

    @RegisterExtension
    static final Programs programs = new Programs();

    @TempDir
    Path directory;

    @RegisterExtension
    final Witness witness = new Witness(programs);

    private final Gate gate = witness.gate();

    @Test
    void successorThatCannotStart_leavesTheOldOneServing_andTheLogSaysWhy() throws Exception {
        var down = directory.resolve("down");
        var program = programs.start(Faltering.class, "--down", down);
        try (var client = new LineClient(program.port())) {
            String before = client.ask("question");
            Files.createFile(down);
            reload(program);
            program.awaitLine("is not replaced and goes on serving.*the database is down");
            assertThat(client.ask("question").replaceAll("taskId=\\d+", ""))
                    .isEqualTo(before.replaceAll("taskId=\\d+", ""));
            await().until(() -> program.children().size() == 1);

            Files.delete(down);
            long old = program.children().getFirst().pid();
            reload(program);
            await().atMost(Program.PATIENCE).until(() -> !client.ask("question").contains("in " + old));
        }
    }

    @Test
    void whileASuccessorStarts_theOldOneServes() {
        var program = startAtTheGate();
        try (var client = new TaskClient(program.port())) {
            long old = pid(client);
            reload(program);
            var starts = gate.await();
            var successor = successor(program, old);
            for (int i = 0; i < 10; i++) {
                assertThat(pid(client)).isEqualTo(old);
            }
            starts.release();
            await().atMost(Program.PATIENCE).until(() -> pid(client) == successor.pid());
        }
    }

    @Test
    void oldOneKilledWhileItsSuccessorStarts_isSucceededByThat_withoutAThird() {
        var program = startAtTheGate();
        try (var client = new TaskClient(program.port())) {
            long old = pid(client);
            long running = client.submit("gate a");
            var visitor = gate.await();
            reload(program);
            var starts = gate.await();
            var successor = successor(program, old);
            kill(old);
            visitor.awaitGone();
            assertThat(client.result(running)).startsWith("lost");
            long waiting = client.submit("pid");
            starts.release();
            assertThat(client.result(waiting)).isEqualTo("done " + successor.pid());
            assertThat(program.children()).containsExactly(successor);
        }
    }

    @Test
    void successorKilledWhileItStarts_hasASuccessorItself() {
        var program = startAtTheGate();
        try (var client = new TaskClient(program.port())) {
            long old = pid(client);
            reload(program);
            var starts = gate.await();
            long killed = successor(program, old).pid();
            kill(killed);
            starts.awaitGone();
            gate.await().release();
            await().atMost(Program.PATIENCE).until(() -> !List.of(old, killed).contains(pid(client)));
            await().until(() -> program.children().size() == 1);
        }
    }

    @Test
    void oldOneKilledWhileItDrains_itsSuccessorServesOn() {
        var program = start();
        try (var client = new TaskClient(program.port())) {
            long old = pid(client);
            long running = client.submit("gate a");
            gate.await();
            reload(program);
            await().atMost(Program.PATIENCE).until(() -> pid(client) != old);
            long successor = pid(client);
            kill(old);
            assertThat(client.result(running)).startsWith("lost").contains(Long.toString(old));
            assertThat(pid(client)).isEqualTo(successor);
            assertThat(program.children()).extracting(ProcessHandle::pid).containsExactly(successor);
        }
    }

    @Test
    void successorKilledWhileTheOldOneDrains_isReplaced_andWhatTheOldOneRunsIsDone() {
        var program = start();
        try (var client = new TaskClient(program.port())) {
            long old = pid(client);
            long running = client.submit("gate a");
            var visitor = gate.await();
            reload(program);
            await().atMost(Program.PATIENCE).until(() -> pid(client) != old);
            long successor = pid(client);
            kill(successor);
            assertThat(pid(client)).isNotIn(old, successor);
            visitor.release();
            assertThat(client.result(running)).isEqualTo("done passed a");
            await().until(() -> program.children().size() == 1);
        }
    }

    @Test
    void threeAtOnce_makeTwoRoundsAtMost() {
        var program = programs.start(Launch.of(TaskServer.class, "--task-workers", 2, "--task-processes", 2)
                .withEnvironment("LOG_LEVEL", "info"));
        try (var client = new TaskClient(program.port())) {
            var before = program.children();
            client.send("reload").send("reload").send("reload-tasks");
            program.awaitLine("the reload is over");
            assertThat(program.children()).hasSize(2).doesNotContainAnyElementsOf(before);
            assertThat(program.lines().stream().filter(line -> line.matches("worker \\d+ starts")))
                    .hasSizeBetween(4, 6);
        }
    }

    @Test
    void taskThatOutlastsTheDeadline_isKilledWithItsChild_lostOrRetried_andTheLogNamesIt() {
        var program = start(2, 300);
        try (var client = new TaskClient(program.port())) {
            long once = client.submit("gate a");
            gate.await();
            long again = client.submitWithRetries(1, "gate b");
            gate.await();
            reload(program);
            assertThat(client.result(once)).startsWith("lost");
            gate.await().release();
            assertThat(client.result(again)).isEqualTo("done passed b");
            assertThat(Ledger.startedIds(witness.ledger())).containsExactlyInAnyOrder(once, again, again);
            assertThat(program.awaitLine("WARN .* was to leave and has not ended.*")
                            .group())
                    .containsPattern("TASK " + once + " on slot \\d for \\d+ ms")
                    .containsPattern("TASK " + again + " on slot \\d for \\d+ ms");
        }
    }

    @Test
    void taskThatYieldsWhenItIsInterrupted_isFailed_notLost() {
        var program = start(1, 300);
        try (var client = new TaskClient(program.port())) {
            long id = client.submit("gate then park");
            gate.await().release("park");
            reload(program);
            assertThat(client.result(id)).startsWith("failed").contains("InterruptedException");
            await().atMost(Program.PATIENCE).until(() -> program.children().size() == 1);
        }
    }

    private Program start() {
        return start(2, 30_000);
    }

    /** Its child stands at the gate before it is ready, and so does each of its successors. */
    private Program startAtTheGate() {
        var program = start(1, 30_000, "--gate-at-start", true);
        gate.await().release();
        return program;
    }

    private Program start(int taskWorkers, int maxWaitMillis, Object... more) {
        return programs.start(Launch.of(
                        TaskServer.class,
                        witness.arguments(
                                "--task-workers",
                                taskWorkers,
                                "--task-processes",
                                1,
                                "--max-wait-millis",
                                maxWaitMillis))
                .withArguments(more));
    }

    private static void reload(Program program) {
        Signals.send("USR1", program.pid());
    }

    private static long pid(TaskClient client) {
        return Long.parseLong(client.run("pid").replace("done ", ""));
    }

    private static ProcessHandle successor(Program program, long old) {
        return await().atMost(Program.PATIENCE)
                .until(
                        () -> program.children().stream()
                                .filter(child -> child.pid() != old)
                                .toList(),
                        children -> children.size() == 1)
                .getFirst();
    }

    private static void kill(long pid) {
        assertThat(ProcessHandle.of(pid).orElseThrow().destroyForcibly()).isTrue();
    }
}
