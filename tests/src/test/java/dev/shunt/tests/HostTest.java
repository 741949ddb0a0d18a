package dev.shunt.tests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shunt.testing.Program;
import dev.shunt.testing.Programs;
import dev.shunt.testing.Signals;
import dev.shunt.tests.programs.Host;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Signals of a program that has more in it than Shunt: it ends at them as it would without. */
@Tag("processes")
class HostTest {

    @RegisterExtension
    static final Programs programs = new Programs();

    @ParameterizedTest
    @ValueSource(strings = {"main", "thread", "pool", "virtual"})
    void sigterm_stopsInOrder_thenTheHostEnds_withItsHooksRun(String start) {
        var program = start("--http", true, "--start", start);
        program.terminate();
        assertThat(program.exitCode()).isEqualTo(143);
        assertThat(program.lines()).containsSubsequence("shut down 0", "start returned", "hook ends");
    }

    @ParameterizedTest
    @CsvSource({"INT, 130", "HUP, 129"})
    void otherSignals_doTheSame_withTheirExitCode(String signal, int exitCode) {
        var program = start("--http", true);
        Signals.send(signal, program.pid());
        assertThat(program.exitCode()).isEqualTo(exitCode);
        assertThat(program.lines()).containsSubsequence("shut down 0", "hook ends");
    }

    @ParameterizedTest
    @ValueSource(strings = {"main", "thread"})
    void sigterm_whereOnlyShuntRan_mainReturns(String start) {
        var program = start("--start", start);
        program.terminate();
        assertThat(program.exitCode()).isZero();
        assertThat(program.lines()).containsSubsequence("shut down 0", "start returned", "hook ends");
    }

    @Test
    void sigterm_theHostsOwnHandler_isCalledAfterTheStop() {
        var program = start("--handler", true);
        program.terminate();
        assertThat(program.exitCode()).isZero();
        assertThat(program.lines())
                .containsSubsequence("shut down 0", "the host's handler: SIGTERM", "start returned", "hook ends");
    }

    @Test
    void sigterm_twiceAtAHost_killsAtOnce() {
        var program = start("--http", true, "--stop-hangs", true);
        program.terminate();
        program.awaitLine("shut down 0");
        program.terminate();
        assertThat(program.exitCode()).isEqualTo(130);
        assertThat(program.lines()).doesNotContain("hook begins");
    }

    @Test
    void sigterm_severalServers_allAreStopped() {
        var program = start("--servers", 3, "--http", true);
        program.port(2);
        program.terminate();
        assertThat(program.exitCode()).isEqualTo(143);
        assertThat(program.lines()).contains("shut down 0", "shut down 1", "shut down 2");
    }

    /** What the first one puts back must not be what the second one needs. */
    @Test
    void sigterm_afterTheFirstOfTwoHasEnded_stopsTheSecond() {
        var program = start("--servers", 2, "--http", true, "--stop-first", true);
        program.port(1);
        program.awaitLine("start returned");
        program.terminate();
        assertThat(program.exitCode()).isEqualTo(143);
        assertThat(program.lines()).containsSubsequence("shut down 0", "shut down 1", "hook ends");
    }

    @ParameterizedTest
    @ValueSource(strings = {"server", "worker"})
    void withoutHandlers_theHostsHookStopsTheProgram(String face) {
        var program = start("--own-signals", true, "--face", face, "--start", "thread", "--hook-stops", true);
        program.terminate();
        assertThat(program.exitCode()).isEqualTo(143);
        assertThat(program.lines()).containsSubsequence("hook begins", "shut down 0", "start returned", "hook ends");
    }

    /** SIGUSR1 is not Shunt's either, and does what it does to any process. */
    @Test
    void withoutHandlers_reloadSignalsAreTheSystems() {
        var program = start("--own-signals", true);
        Signals.send("USR1", program.pid());
        assertThat(program.exitCode()).isEqualTo(128 + 10);
    }

    private static Program start(Object... options) {
        var program = programs.start(Host.class, options);
        assertThat(program.port()).isPositive();
        return program;
    }
}
