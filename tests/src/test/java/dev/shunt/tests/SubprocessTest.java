package dev.shunt.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.shunt.testing.Gate;
import dev.shunt.testing.Launch;
import dev.shunt.testing.Program;
import dev.shunt.testing.Programs;
import dev.shunt.testing.Signals;
import dev.shunt.tests.programs.TaskServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a handler has started ends with its child, before what ran there is run again or told of. */
@Tag("processes")
class SubprocessTest {

    @RegisterExtension
    static final Programs programs = new Programs();

    @RegisterExtension
    final Witness witness = new Witness(programs);

    private final Gate gate = witness.gate();
    private List<Long> spawned = List.of();

    @AfterEach
    void endWhatWasLeft() {
        spawned.stream().filter(SubprocessTest::lives).forEach(pid -> Signals.send("KILL", pid));
        await().until(() -> spawned.stream().noneMatch(SubprocessTest::lives));
    }

    private Program start(Object... options) {
        return programs.start(Launch.of(TaskServer.class, "--task-workers", 1, "--task-processes", 1)
                .withArguments(witness.arguments(options)));
    }

    @ParameterizedTest
    @CsvSource({"pair, 2", "orphan, 1"})
    void killedChild_itsSubprocessesAreGone_whenTheRetryRuns(String kind, int count) {
        var program = start();
        try (var client = new TaskClient(program.port())) {
            long id = client.submitWithRetries(1, "spawn-then " + kind + " gate a");
            var visitor = gate.await();
            spawned = spawned(program, count);
            kill(program);
            visitor.awaitGone();
            var retried = gate.await();
            assertThat(spawned).hasSize(count).noneMatch(SubprocessTest::lives);
            retried.release();
            assertThat(client.result(id)).isEqualTo("done passed a");
            spawned = spawned(program, 2 * count);
            assertThat(spawned.subList(count, 2 * count)).allMatch(SubprocessTest::lives);
        }
        kill(program);
        await().until(() -> spawned.stream().noneMatch(SubprocessTest::lives));
    }

    @ParameterizedTest
    @ValueSource(strings = {"exit 0", "exit 3", "halt 0"})
    void childThatEndsItself_itsSubprocessesAreGone_whenItsTaskIsLost(String end) {
        var program = start();
        try (var client = new TaskClient(program.port())) {
            long id = client.submit("spawn-then pair gate a");
            var visitor = gate.await();
            spawned = spawned(program, 2);
            visitor.release(end);
            assertThat(client.result(id)).startsWith("lost");
            assertThat(spawned).noneMatch(SubprocessTest::lives);
            program.awaitLine("WARN .*ended with the child that has started them: .*" + spawned.getLast());
        }
    }

    @Test
    void childKilledAtTheDeadlineOfTheStop_itsSubprocessesGoWithIt() {
        var program = start("--max-wait-millis", 300);
        try (var client = new TaskClient(program.port())) {
            client.submit("spawn-then pair gate a");
            gate.await();
            spawned = spawned(program, 2);
            program.terminate();
            assertThat(program.exitCode()).isZero();
            assertThat(spawned).noneMatch(SubprocessTest::lives);
        }
    }

    @Test
    void secondSignal_endsSubprocessesAtOnce() {
        var program = start("--max-wait-millis", 600_000);
        int port = program.port();
        try (var client = new TaskClient(port)) {
            client.submit("spawn-then pair gate a");
            gate.await();
            spawned = spawned(program, 2);
            program.terminate();
            await().until(() -> Ports.refuses(port));
            program.terminate();
            assertThat(program.exitCode()).isEqualTo(130);
            await().until(() -> spawned.stream().noneMatch(SubprocessTest::lives));
        }
    }

    @Test
    void childThatStopsInOrder_leavesWhatItsHandlersLeft() {
        var program = start();
        try (var client = new TaskClient(program.port())) {
            assertThat(client.run("spawn-then pair echo started")).isEqualTo("done started");
            spawned = spawned(program, 2);
        }
        assertThat(program.stop()).isZero();
        assertThat(spawned).allMatch(SubprocessTest::lives);
    }

    @Test
    void childThatStoppedInOrder_hasLeftThem_alsoIfTheManagerIsKilledLater() {
        var program = start();
        try (var client = new TaskClient(program.port())) {
            assertThat(client.run("spawn-then pair echo started")).isEqualTo("done started");
            spawned = spawned(program, 2);
            long old = java(program);
            Signals.send("USR1", program.pid());
            await().until(() -> !lives(old) && slotTables() == 1); // the manager knows that it has ended, and how
            long successor = java(program);
            program.kill();
            await().until(() ->
                    !lives(successor) && RunDirectories.in(programs.directory()).isEmpty());
            assertThat(spawned).allMatch(SubprocessTest::lives);
        }
    }

    @Test
    void killedChild_subprocessesAreLeft_ifTheProgramSaysSo() {
        var program = start("--leave-subprocesses", true);
        try (var client = new TaskClient(program.port())) {
            long id = client.submit("spawn-then pair gate a");
            gate.await();
            spawned = spawned(program, 2);
            kill(program);
            assertThat(client.result(id)).startsWith("lost");
            assertThat(spawned).allMatch(SubprocessTest::lives);
        }
    }

    @Test
    void killedChild_oneSubprocessIsLeft_ifItIsStartedWithoutTheVariable() {
        var program = start();
        try (var client = new TaskClient(program.port())) {
            long id = client.submit("spawn-then unmarked gate a");
            gate.await();
            spawned = spawned(program, 2);
            kill(program);
            assertThat(client.result(id)).startsWith("lost");
            assertThat(spawned).allMatch(SubprocessTest::lives);
        }
    }

    @Test
    void killedManager_itsChildrenEndTheirSubprocesses() {
        var program = start();
        try (var client = new TaskClient(program.port())) {
            client.submit("spawn-then pair gate a");
            gate.await();
            spawned = spawned(program, 2);
            program.kill();
            await().until(() -> spawned.stream().noneMatch(SubprocessTest::lives));
        }
    }

    /** Nobody is left who could have seen to it. */
    @Test
    void killedProgram_itsSubprocessesAreEnded_whenTheNextOneStarts() {
        var program = start();
        try (var client = new TaskClient(program.port())) {
            client.submit("spawn-then orphan gate a");
            gate.await();
            spawned = spawned(program, 1);
            long child = java(program);
            Signals.send("STOP", child);
            program.kill();
            program.exitCode();
            Signals.send("KILL", child);
            await().until(() -> !lives(child));
            assertThat(spawned).allMatch(SubprocessTest::lives);
            assertThat(start().port()).isPositive();
            assertThat(spawned).noneMatch(SubprocessTest::lives);
        }
    }

    private static long slotTables() {
        return RunDirectories.filesIn(programs.directory()).stream()
                .filter(file -> file.getFileName().toString().startsWith("slots-"))
                .count();
    }

    private static List<Long> spawned(Program program, int count) {
        return program.awaitLines("spawned \\S+ (\\d+)", count).stream()
                .map(line -> Long.parseLong(line.group(1)))
                .toList();
    }

    private static void kill(Program program) {
        Signals.send("KILL", java(program));
    }

    /** The child, among all that descends from the program. */
    private static long java(Program program) {
        return program.children().stream()
                .filter(child -> child.info().command().orElse("").endsWith("java"))
                .findFirst()
                .orElseThrow()
                .pid();
    }

    /** A zombie does not. */
    private static boolean lives(long pid) {
        try {
            var stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
            return !stat.substring(stat.lastIndexOf(')')).startsWith(") Z");
        } catch (IOException e) {
            return false;
        }
    }
}
