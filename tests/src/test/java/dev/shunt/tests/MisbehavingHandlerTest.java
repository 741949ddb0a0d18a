package dev.shunt.tests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shunt.testing.Launch;
import dev.shunt.testing.Program;
import dev.shunt.testing.Programs;
import dev.shunt.tests.programs.Talk;
import dev.shunt.tests.programs.TaskServer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Handlers in children that end their process, fill its memory or never return: other clients are served throughout. */
@Tag("processes")
class MisbehavingHandlerTest {

    private static final int SOME = 200;

    @RegisterExtension
    static final Programs programs = new Programs();

    @ParameterizedTest
    @ValueSource(strings = {"exit 0", "exit 3", "halt 9"})
    void taskThatEndsItsProcess_isLost_andClientsAreServed(String job) throws Exception {
        var program = taskServer();
        try (var pinger = new Pinger(program.port());
                var client = new TaskClient(program.port())) {
            pinger.awaitMore(SOME);
            assertThat(client.run(job)).startsWith("lost").contains("exit");
            pinger.awaitMore(SOME);
            assertThat(client.run("echo alive")).isEqualTo("done alive");
        }
        assertThat(program.stop()).isZero();
    }

    @Test
    void taskThatExhaustsMemory_hasAResult_andClientsAreServed() throws Exception {
        var program = taskServer("--task-jvm-options", "-Xmx48m");
        try (var pinger = new Pinger(program.port());
                var client = new TaskClient(program.port())) {
            assertThat(client.run("oom")).matches("(failed .*OutOfMemoryError.*|lost .*)");
            pinger.awaitMore(SOME);
            assertThat(client.run("echo alive")).isEqualTo("done alive");
        }
        assertThat(program.stop()).isZero();
    }

    @Test
    void taskThatReturnsWhatCannotBeEncoded_isAFailure_itsProcessLivesOn() {
        var program = taskServer("--task-processes", 1);
        try (var client = new TaskClient(program.port())) {
            String pid = client.run("pid");
            assertThat(client.run("return-unencodable")).startsWith("failed ").contains("cannot encode", "Unencodable");
            assertThat(client.run("pid")).isEqualTo(pid);
        }
    }

    @Test
    void taskThatNeverReturns_occupiesItsSlotOnly_andClientsAreServed() throws Exception {
        var program = taskServer("--task-processes", 1, "--max-wait-millis", 100);
        try (var pinger = new Pinger(program.port());
                var client = new TaskClient(program.port())) {
            client.submit("loop");
            assertThat(client.run("echo beside it")).isEqualTo("done beside it");
            pinger.awaitMore(SOME);
            assertThat(client.run("echo still")).isEqualTo("done still");
        }
        assertThat(program.stop()).isZero();
        assertThat(program.children()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"exit 0", "exit 3"})
    void handlerThatEndsItsProcess_losesItsConnection_noOther(String command) throws Exception {
        var program = programs.start(Talk.class, "--processes", 2);
        try (var bad = new TalkClient(program);
                var sibling = new TalkClient(program);
                var pinger = pingerElsewhere(program, bad)) {
            sibling.ask("ping");
            bad.send(command);
            assertThat(bad.awaitClose()).isEmpty();
            pinger.awaitMore(SOME);
            assertThat(sibling.ask("ping")).isEqualTo("pong");
        }
        assertThat(program.stop()).isZero();
    }

    @Test
    void handlerThatExhaustsMemory_disturbsNoOtherConnection() throws Exception {
        var program = programs.start(Talk.class, "--processes", 2, "--heap", "48m");
        try (var bad = new TalkClient(program);
                var sibling = new TalkClient(program);
                var pinger = pingerElsewhere(program, bad)) {
            sibling.ask("ping");
            bad.send("oom");
            pinger.awaitMore(SOME);
            assertThat(sibling.ask("ping")).isEqualTo("pong");
        }
        assertThat(program.stop()).isZero();
    }

    @Test
    void handlerThatNeverReturns_occupiesItsSlotOnly() throws Exception {
        var program = programs.start(Talk.class, "--count", 2);
        try (var bad = new TalkClient(program);
                var pinger = new Pinger(new TalkClient(program).lines())) {
            bad.send("loop");
            program.awaitLine("message \\d+ loop");
            pinger.awaitMore(SOME);
        }
        assertThat(program.stop()).isZero();
        assertThat(program.children()).isEmpty();
    }

    /** Its messages run in the other of two children, so that no death in the first may close it. */
    private static Pinger pingerElsewhere(Program program, TalkClient bad) {
        long taken = bad.pid();
        while (true) {
            var client = new TalkClient(program);
            if (client.pid() != taken) {
                return new Pinger(client.lines());
            }
            client.close();
        }
    }

    private static Program taskServer(Object... more) {
        return programs.start(Launch.of(TaskServer.class, "--task-workers", 2).withArguments(more));
    }
}
