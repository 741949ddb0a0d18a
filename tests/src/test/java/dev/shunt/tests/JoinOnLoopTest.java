package dev.shunt.tests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shunt.testing.Gate;
import dev.shunt.testing.LineClient;
import dev.shunt.testing.Program;
import dev.shunt.testing.Programs;
import dev.shunt.tests.programs.Joins;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Handlers on an event loop: who waits is refused, and who holds it up is named. */
@Tag("processes")
class JoinOnLoopTest {

    @RegisterExtension
    static final Programs programs = new Programs();

    private static final Gate gate = new Gate();

    @SuppressWarnings("NullAway.Init") // before all tests
    private static Program program;

    private final LineClient client = new LineClient(program.port());

    @BeforeAll
    static void start() {
        program = programs.start(Joins.class, "--placement", "event_loop", "--gate", gate.port());
        program.port();
    }

    @AfterEach
    void close() {
        client.close();
    }

    @ParameterizedTest
    @CsvSource({
        "join gate a",
        "get gate a",
        "get-for gate a",
        "apply gate a",
        "combine gate a",
        "batch gate a",
        "co gate a",
    })
    void waitingOnAnEventLoop_isRefusedAtOnce_withTheRemedy(String command) {
        assertThat(client.ask(command))
                .startsWith("refused ")
                .contains("event loop")
                .contains("thenAccept");
        assertThat(client.ask(command.replaceFirst(" gate a", " gate b"))).startsWith("refused ");
        for (int i = 0; i < (command.startsWith("combine") ? 4 : 2); i++) {
            gate.await().release();
        }
    }

    @Test
    void callbacks_runOnTheLoopThatAsked() {
        for (int i = 0; i < 20; i++) {
            assertThat(client.ask("callback echo " + i)).isEqualTo(i + " here");
        }
    }

    @Test
    void callbackThatThrows_isLogged_withItsTask() {
        client.send("throw-in-accept echo 1");
        program.awaitLine("a callback of task \\d+ has failed");
        client.send("throw-in-task-callback echo 1");
        program.awaitLine("the callback of task \\d+ threw");
    }

    @ParameterizedTest
    @CsvSource({
        "slow-timer now, timer \\d+",
        "slow-callback echo 1, a callback of task",
        "slow-task-callback echo 1, the callback of task",
        "slow-all echo 1, a callback of task"
    })
    void callbackThatHoldsUpAnEventLoop_asItNotOnlyDoesWhenItsClassesLoad_isNamed(String command, String name) {
        client.send(command);
        client.send(command);
        program.awaitLine(name + ".* held up its event loop for \\d+ ms \\([2-9] slow runs so far\\)");
    }
}
