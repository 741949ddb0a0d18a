package dev.shunt.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.shunt.testing.Gate;
import dev.shunt.testing.Program;
import dev.shunt.testing.Programs;
import dev.shunt.testing.Signals;
import dev.shunt.tests.programs.SlowMain;
import dev.shunt.tests.programs.Talk;
import dev.shunt.tests.programs.TaskServer;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** {@code kill -9} of the manager: nothing of it stays, and nothing is in the way of the next start. */
@Tag("processes")
class KilledManagerTest {

    @RegisterExtension
    static final Programs programs = new Programs();

    private final Gate gate = new Gate();

    @AfterEach
    void closeGate() {
        gate.close();
    }

    @Test
    void killedManager_itsIdleAndBusyTaskChildren_areGoneWithinTwoSeconds() {
        var program =
                programs.start(TaskServer.class, "--task-workers", 3, "--task-processes", 3, "--gate", gate.port());
        try (var client = new TaskClient(program.port())) {
            client.submit("gate a");
            gate.await();
            client.submit("loop");
            assertThat(client.run("echo both run")).startsWith("done");
            assertThat(program.children()).hasSize(3);
            assertChildrenGoWith(program);
        }
    }

    @Test
    void killedManager_itsConnectionChildren_areGoneWithinTwoSeconds() {
        var program = programs.start(Talk.class, "--count", 2, "--gate", gate.port());
        try (var client = new TalkClient(program)) {
            client.send("gate a");
            gate.await();
            assertThat(program.children()).hasSize(1);
            assertChildrenGoWith(program);
        }
    }

    @Test
    void killedManager_childrenStillInTheirMain_areGoneWithinTwoSeconds(@TempDir Path directory) {
        var program = programs.start(SlowMain.class, directory.resolve("first"), gate.port());
        gate.await();
        assertChildrenGoWith(program);
    }

    @Test
    void killedManager_nextStartOnItsPort_works() {
        var killed = programs.start(TaskServer.class, "--task-workers", 2, "--gate", gate.port());
        int port = killed.port();
        try (var client = new TaskClient(port)) {
            client.submit("gate a");
            gate.await();
            killed.kill();
            assertThat(killed.exitCode()).isEqualTo(137);
        }
        assertRunsAndLeavesNothing(port);
    }

    /** Nobody is left who could have removed its run directory. */
    @Test
    void killedManagerAndChildren_nextStartOnItsPort_works_andClearsWhatTheyLeft() {
        var killed = programs.start(TaskServer.class, "--task-workers", 2);
        int port = killed.port();
        var children = killed.children();
        children.forEach(child -> Signals.send("STOP", child.pid()));
        killed.kill();
        assertThat(killed.exitCode()).isEqualTo(137);
        children.forEach(ProcessHandle::destroyForcibly);
        assertThat(RunDirectories.in(programs.directory())).as("left behind").hasSize(1);
        assertRunsAndLeavesNothing(port);
    }

    private static void assertRunsAndLeavesNothing(int port) {
        var next = programs.start(TaskServer.class, "--task-workers", 2, "--port", port);
        assertThat(next.port()).isEqualTo(port);
        try (var client = new TaskClient(port)) {
            assertThat(client.run("echo alive")).isEqualTo("done alive");
        }
        assertThat(next.stop()).isZero();
        assertThat(RunDirectories.in(programs.directory())).isEmpty();
    }

    @Test
    void nextStart_leavesTheRunDirectoryOfARunningProgramAlone() {
        var running = programs.start(TaskServer.class, "--task-workers", 1);
        try (var client = new TaskClient(running.port())) {
            var other = programs.start(TaskServer.class, "--task-workers", 1);
            other.port();
            assertThat(other.stop()).isZero();
            var child = running.children().getFirst();
            child.destroyForcibly();
            assertThat(client.run("echo successor found its way")).startsWith("done");
        }
        assertThat(running.stop()).isZero();
    }

    private static void assertChildrenGoWith(Program program) {
        program.kill();
        await().atMost(Duration.ofSeconds(20))
                .pollInterval(Duration.ofMillis(20))
                .until(() -> program.children().isEmpty());
    }
}
