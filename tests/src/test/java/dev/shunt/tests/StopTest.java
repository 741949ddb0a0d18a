package dev.shunt.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.shunt.testing.Gate;
import dev.shunt.testing.Launch;
import dev.shunt.testing.Program;
import dev.shunt.testing.Programs;
import dev.shunt.testing.Signals;
import dev.shunt.testing.Visitor;
import dev.shunt.tests.programs.Ledger;
import dev.shunt.tests.programs.Talk;
import dev.shunt.tests.programs.TaskServer;
import dev.shunt.tests.programs.Workbench;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A program that is told to stop: what runs may finish, then all of it is gone. */
@Tag("processes")
class StopTest {

    /** How a program is told. */
    enum How {
        SIGTERM,
        SIGINT,
        SIGHUP,
        CTRL_C;

        void tell(Program program) {
            switch (this) {
                case SIGTERM -> program.terminate();
                case SIGINT -> program.interrupt();
                case SIGHUP -> Signals.send("HUP", program.pid());
                case CTRL_C -> program.interruptGroup();
            }
        }
    }

    @RegisterExtension
    static final Programs programs = new Programs();

    @RegisterExtension
    final Witness witness = new Witness(programs);

    private final Gate gate = witness.gate();

    private Program start(int maxWaitMillis) {
        return programs.start(Launch.of(
                        TaskServer.class,
                        "--task-workers",
                        2,
                        "--task-processes",
                        2,
                        "--max-wait-millis",
                        maxWaitMillis)
                .withArguments(witness.arguments())
                .inOwnGroup());
    }

    @ParameterizedTest
    @EnumSource
    void toldToStop_runningTasksFinish_thenNothingIsLeft(How how) {
        var program = start(20_000);
        int port = program.port();
        try (var client = new TaskClient(port)) {
            long id = client.submit("gate a");
            client.submit("gate b");
            var visitors = gate.await(2);
            how.tell(program);
            await().until(() -> Ports.refuses(port));
            assertThat(program.isAlive()).as("waits for what runs").isTrue();
            visitors.forEach(Visitor::release);
            assertThat(program.exitCode()).isZero();
            assertThat(Ledger.read(witness.ledger()))
                    .filteredOn(entry -> entry.event().equals("passed"))
                    .extracting(Ledger.Entry::taskId)
                    .hasSize(2)
                    .contains(id);
        }
        assertNothingIsLeft(program, port);
        assertThat(program.lines()).contains("shut down", "start returned");
    }

    @Test
    void sigterm_resultOfATaskThatFinishedMeanwhile_reachesItsCaller() {
        var program = start(20_000);
        int port = program.port();
        try (var client = new TaskClient(port)) {
            long id = client.submit("gate a");
            var visitor = gate.await();
            program.terminate();
            await().until(() -> Ports.refuses(port));
            visitor.release();
            assertThat(client.result(id)).isEqualTo("done passed a");
            assertThat(program.exitCode()).isZero();
        }
    }

    @Test
    void sigterm_taskThatThrowsMeanwhile_isFailed_andNotRetried() {
        var program = start(20_000);
        int port = program.port();
        try (var client = new TaskClient(port)) {
            long id = client.submitWithRetries(2, "gate a");
            var visitor = gate.await();
            program.terminate();
            await().until(() -> Ports.refuses(port));
            visitor.release("throw too late");
            assertThat(client.result(id)).startsWith("failed ").contains("too late");
            assertThat(program.exitCode()).isZero();
            assertThat(Ledger.startedIds(witness.ledger())).containsExactly(id);
        }
    }

    @Test
    void sigterm_taskThatOutlastsTheDeadline_isLost_alsoForACallerInAnotherChild() {
        var program = programs.start(
                Workbench.class, "--placement", "children", "--max-wait-millis", 300, "--gate", gate.port());
        try (var client = new WorkbenchClient(program.port())) {
            long id = client.task("task retries=1 gate a");
            gate.await();
            program.terminate();
            client.await("callback lost " + id + " .* @.*");
            assertThat(program.exitCode()).isZero();
        }
    }

    @Test
    void sigterm_taskInProcessThatOutlastsTheDeadline_isInterrupted_andLostIfItGoesOn() {
        var program = programs.start(
                Workbench.class, "--task-placement", "in_process", "--max-wait-millis", 300, "--gate", gate.port());
        try (var client = new WorkbenchClient(program.port())) {
            long deaf = client.task("task - gate deaf");
            long yields = client.task("handle - progress-then waits until-interrupted echo yielded");
            gate.await();
            client.await("progress " + yields + " waits @.*");
            program.terminate();
            client.await("result done " + yields + " yielded @.*");
            client.await("callback lost " + deaf + " .* @.*");
            assertThat(program.exitCode()).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"children", "in_process"})
    void sigterm_callbackThatStillRuns_answersItsClient(String placement) {
        var program = programs.start(
                Workbench.class, "--placement", placement, "--max-wait-millis", 20_000, "--gate", gate.port());
        int port = program.port();
        try (var client = new WorkbenchClient(port)) {
            client.send("gated - echo a");
            var callback = gate.await();
            program.terminate();
            await().until(() -> Ports.refuses(port));
            callback.release();
            client.await("callback done \\d+ a @.*");
        }
        assertThat(program.exitCode()).isZero();
    }

    @Test
    void sigterm_callbackThatNeverEnds_doesNotHoldTheStop() {
        var program = programs.start(
                Workbench.class, "--placement", "children", "--max-wait-millis", 300, "--gate", gate.port());
        try (var client = new WorkbenchClient(program.port())) {
            client.send("gated - echo a");
            gate.await();
            program.terminate();
            assertThat(program.exitCode()).isZero();
        }
    }

    @Test
    void sigterm_tasksThatHadNotStarted_areRejected_notForgotten() {
        var program = start(20_000);
        int port = program.port();
        try (var client = new TaskClient(port)) {
            client.submit("gate a");
            client.submit("gate b");
            var visitors = gate.await(2);
            long queued = client.submit("echo too late");
            program.terminate();
            assertThat(client.result(queued)).startsWith("rejected ").contains("stopping");
            assertThat(client.run("echo much too late")).startsWith("rejected ").contains("stopping");
            visitors.forEach(Visitor::release);
            assertThat(program.exitCode()).isZero();
            assertThat(Ledger.startedIds(witness.ledger())).doesNotContain(queued);
        }
    }

    @ParameterizedTest
    @EnumSource
    void toldToStop_whenIdle_endsInOrder(How how) {
        var program = start(20_000);
        int port = program.port();
        how.tell(program);
        assertThat(program.exitCode()).isZero();
        assertNothingIsLeft(program, port);
        assertThat(program.lines().stream().filter(line -> line.matches("worker \\d+ stops")))
                .as("each worker has stopped")
                .hasSameSizeAs(program.lines().stream()
                        .filter(line -> line.matches("worker \\d+ starts"))
                        .toList());
    }

    @ParameterizedTest
    @ValueSource(strings = {"gate a", "loop"})
    void sigterm_taskThatOutlastsTheDeadline_doesNotHoldTheStop(String job) {
        var program = start(300);
        int port = program.port();
        try (var client = new TaskClient(port)) {
            client.submit(job);
            await().until(() -> !Ledger.read(witness.ledger()).isEmpty());
            program.terminate();
            assertThat(program.exitCode()).isZero();
        }
        assertNothingIsLeft(program, port);
    }

    @ParameterizedTest
    @EnumSource(names = {"SIGINT", "CTRL_C"})
    void secondCtrlC_killsAtOnce(How how) {
        var program = start(600_000);
        int port = program.port();
        try (var client = new TaskClient(port)) {
            client.submit("gate a");
            var visitor = gate.await();
            how.tell(program);
            await().until(() -> Ports.refuses(port));
            assertThat(program.isAlive()).as("waits for what runs").isTrue();
            how.tell(program);
            assertThat(program.exitCode()).isNotZero();
            visitor.awaitGone();
        }
        await().until(() -> program.children().isEmpty());
        assertThat(Ports.isFree(port)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"worker", "server"})
    void sigterm_runningMessageHandlersFinish_andTheirAnswersArrive(String face) {
        var program = programs.start(Talk.class, "--face", face, "--count", 2, "--gate", gate.port());
        int port = program.port();
        try (var client = new TalkClient(program)) {
            client.send("gate a").send("echo never handled");
            var visitor = gate.await();
            program.terminate();
            await().until(() -> Ports.refuses(port));
            visitor.release("answered");
            assertThat(client.read()).isEqualTo("answered");
            assertThat(client.awaitClose()).as("what had not started").isEmpty();
            assertThat(program.exitCode()).isZero();
        }
        assertNothingIsLeft(program, port);
    }

    @Test
    void sigterm_withChildJustKilled_stopsAllTheSame() {
        var program = start(3_000);
        int port = program.port();
        program.children().forEach(ProcessHandle::destroyForcibly);
        program.terminate();
        assertThat(program.exitCode()).isZero();
        assertNothingIsLeft(program, port);
    }

    @ParameterizedTest
    @EnumSource
    void toldToStop_whileItStarts_leavesNothing(How how) {
        var program = start(3_000);
        await().until(() -> !program.children().isEmpty());
        how.tell(program);
        program.exitCode();
        assertThat(program.children()).isEmpty();
        assertThat(RunDirectories.in(programs.directory())).isEmpty();
    }

    @Test
    void sighup_ofAProgramThatIgnoresIt_isIgnored() {
        var program =
                programs.start(Launch.of(TaskServer.class, "--task-workers", 1).ignoring("HUP"));
        try (var client = new TaskClient(program.port())) {
            Signals.send("HUP", program.pid());
            assertThat(client.run("echo still here")).isEqualTo("done still here");
        }
        assertThat(program.stop()).isZero();
    }

    private static void assertNothingIsLeft(Program program, int port) {
        assertThat(program.children()).isEmpty();
        assertThat(RunDirectories.in(programs.directory())).isEmpty();
        assertThat(Ports.isFree(port)).isTrue();
    }
}
