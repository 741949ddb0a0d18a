package dev.shunt.tests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shunt.testing.Gate;
import dev.shunt.testing.Launch;
import dev.shunt.testing.LineClient;
import dev.shunt.testing.Program;
import dev.shunt.testing.Programs;
import dev.shunt.tests.programs.Joins;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Handlers that wait for the stage of a task on the slot to which it belongs, however it is put. */
@Tag("processes")
@ParameterizedClass
@EnumSource
class JoinTest {

    enum Where {
        IN_PROCESS("--placement in_process"),
        CHILDREN("--placement children"),
        SWITCHED_IN_PROCESS("--placement children --in-process true");

        private final String arguments;

        Where(String arguments) {
            this.arguments = arguments;
        }
    }

    @RegisterExtension
    static final Programs programs = new Programs();

    private static final Gate gate = new Gate();

    @SuppressWarnings("NullAway.Init") // before each run of the suite
    private static Program program;

    private final LineClient client = new LineClient(program.port());

    JoinTest(Where where) {
        assertThat(where).isNotNull(); // the program is started for it
    }

    @BeforeParameterizedClassInvocation
    static void start(Where where) {
        var arguments = new Object[] {"--gate", gate.port()};
        program = programs.start(
                Launch.of(Joins.class, arguments).withArguments((Object[]) where.arguments.split(" ", -1)));
        program.port();
    }

    @AfterEach
    void close() {
        client.close();
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '"',
            value = {
                "join echo 1, 1",
                "join large 300000, 300000 characters",
                "join ask 1, 1",
                "get echo 1, 1",
                "get-for echo 1, 1",
                "apply echo 1, 1",
                "chain echo 1, after 1",
                "combine echo 1, 1 and 1",
                "both echo 1, 1 and 1",
                "both large 300000, 300000 characters and 300000 characters",
                "batch echo 1, \"1, 2\"",
                "co echo 1, \"1, 2\"",
                "stored echo 1, stored",
            })
    void waitingForAStage_ofItsOwnSlot_returns_againAndAgain(String command, String answer) {
        for (int i = 0; i < 5; i++) {
            assertThat(client.ask(command)).isEqualTo(answer);
        }
    }

    @Test
    void aPlainFutureOfStagesWithCallbacks_cannotEndOnTheirSlot_andIsNamed() {
        assertThat(client.ask("all-of echo 1")).isEqualTo("never ended");
        assertThat(program.errors())
                .anySatisfy(line -> assertThat(line)
                        .contains("waits in a CompletableFuture", "a callback of task", "submitAll(...).results()"));
    }

    @ParameterizedTest
    @CsvSource({"get-too-short gate a, too short", "co-too-short gate a, TimedOut"})
    void waitingWithATimeout_isOverInTime(String command, String answer) {
        assertThat(client.ask(command)).isEqualTo(answer);
        gate.await().release();
    }

    @Test
    void askedInAHandler_deadLettersAreThere() {
        assertThat(client.ask("dead")).isEqualTo("dead 0");
    }

    @Test
    void callbacks_runOnTheSlotThatAsked() {
        for (int i = 0; i < 5; i++) {
            assertThat(client.ask("callback echo " + i)).isEqualTo(i + " here");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "throw-in-accept echo 1, accept threw",
        "throw-in-stored echo 1, stored threw",
        "throw-in-chain echo 1, apply threw",
        "throw-in-task-callback echo 1, callback threw",
        "plain echo 1, onFinish threw",
    })
    void callbackThatThrows_isLogged_withItsTask(String command, String message) {
        client.send(command);
        program.awaitLine("callback of task \\d+ (has failed|threw)");
        program.awaitLine("IllegalStateException: " + message);
        assertThat(client.ask("callback echo 1")).isEqualTo("1 here");
    }

    @Test
    void failureThatIsHandled_isNotLogged() {
        assertThat(client.ask("throw-handled echo 1")).matches("handled .*apply threw \\d+");
        String id = client.ask("throw-handled echo 1").replaceFirst(".* ", "");
        assertThat(program.lines()).noneMatch(line -> line.contains("task " + id + " has failed"));
    }
}
