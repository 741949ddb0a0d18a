package dev.shunt.tests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shunt.testing.LineClient;
import dev.shunt.testing.Program;
import dev.shunt.testing.Programs;
import dev.shunt.tests.programs.Several;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Several programs in one JVM: children serve the one that they are of. */
@Tag("processes")
class SeveralProgramsTest {

    @RegisterExtension
    static final Programs programs = new Programs();

    @Test
    void madeAndStartedByThreadsThatRaceEachOther_eachHasItsOwnChildren() {
        var program = programs.start(Several.class, "threads");
        assertAnswers(program, "one");
        assertAnswers(program, "two");
        assertAnswers(program, "three");
    }

    @Test
    void third_startedWhenTheFirstHasEndedAndTheSecondRuns_hasItsOwnChildren() throws IOException {
        var program = programs.start(Several.class, "third");
        assertAnswers(program, "two");
        stop(program, "one");
        assertAnswers(program, "three");
        assertAnswers(program, "two");
    }

    @Test
    void startedAfterEachOther_theSecondsChildrenGoPastTheFirst_whoseHooksDoNotRunAgain() throws IOException {
        var program = programs.start(Several.class, "after-each-other");
        assertAnswers(program, "one");
        stop(program, "one");
        assertAnswers(program, "two");
        assertThat(program.lines())
                .filteredOn(line -> line.startsWith("one listens"))
                .hasSize(1);
        stop(program, "two");
        assertThat(program.exitCode()).isZero();
        assertThat(program.lines())
                .filteredOn(line -> line.equals("two has ended"))
                .hasSize(1);
    }

    @Test
    void startThatFails_failsInChildrenOfTheNextAsWell() throws IOException {
        try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            var program = programs.start(Several.class, "second-try", taken.getLocalPort());
            assertAnswers(program, "two");
        }
    }

    @Test
    void serverBesideWorkers_eachHasItsOwnChildren() {
        var program = programs.start(Several.class, "server-and-workers");
        assertAnswers(program, "server");
        try (var client = new LineClient(program.port())) {
            assertThat(client.ask("hello")).startsWith("worker says hello in ");
        }
    }

    @Test
    void theOnlyOne_whoseThreadHasAnotherNameInEachProcess_isServed_withAWarning() {
        var program = programs.start(Several.class, "renamed-thread");
        assertAnswers(program, "one");
        program.awaitLine("not to its own.* made by thread 'main of " + program.pid() + "'");
    }

    @Test
    void startedByACallback_whereNoChildComes_isRefused_withTheRemedy() {
        var program = programs.start(Several.class, "in-a-callback");
        program.awaitLine("refused: .*the server on 127.0.0.1:0 \\(2\\).*childMain");
        assertAnswers(program, "one");
    }

    @Test
    void mainThatWaitsForACallbackOfTheFirst_isNamedInTheSecondsChildren() {
        var program = programs.start(Several.class, "waiting");
        program.awaitLine("child \\d+ \\(task 0\\) has come to the start\\(\\) of the server on 127.0.0.1:0, but not to"
                + " its own.*the server on 127.0.0.1:0 \\(2\\).*childMain");
    }

    private static void assertAnswers(Program program, String name) {
        try (var client = new LineClient(port(program, name))) {
            assertThat(client.ask("y")).contains(name + " says y in ").doesNotContain(" in " + program.pid());
        }
    }

    private static void stop(Program program, String name) throws IOException {
        try (var client = new LineClient(port(program, name))) {
            client.send("stop");
            program.awaitLine(name + " has ended");
        }
    }

    private static int port(Program program, String name) {
        return Integer.parseInt(
                program.awaitLine("^" + name + " listens on (\\d+)$").group(1));
    }
}
