package dev.shunt.tests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shunt.testing.Launch;
import dev.shunt.testing.LineClient;
import dev.shunt.testing.Programs;
import dev.shunt.tests.programs.Turns;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A slot that is overrun by results or timers serves messages all the same, and a stop does not wait for its deadline. */
@Tag("processes")
class TurnsTest {

    private static final int RESULTS = 2_000;

    @RegisterExtension
    static final Programs programs = new Programs();

    @ParameterizedTest
    @ValueSource(strings = {"event_loop", "in_process", "children"})
    void resultsThatComeTooFast_leaveMessagesTheirTurn(String placement) {
        var program = programs.start(Turns.class, "--placement", placement);
        try (var client = new LineClient(program.port())) {
            client.send("results " + RESULTS);
            for (int i = 0; i < 10; i++) {
                assertThat(client.ask("ping")).isEqualTo("pong");
            }
            int heard = Integer.parseInt(client.ask("heard").substring("heard ".length()));
            assertThat(heard).isLessThan(RESULTS / 2);
        }
    }

    /** The deadline of its stop is ten minutes away. */
    @ParameterizedTest
    @ValueSource(strings = {"event_loop", "in_process", "children"})
    void timersThatTakeLongerThanTheirPeriod_leaveMessagesTheirTurn_andEndAtAStop(String placement) {
        var program = programs.start(Turns.class, "--placement", placement);
        try (var client = new LineClient(program.port())) {
            client.send("timers 3").send("once");
            for (int i = 0; i < 20; i++) {
                assertThat(client.ask("ping")).isEqualTo("pong");
            }
            assertThat(program.stop()).isZero();
            program.awaitLine("stopping: 1 timers that had yet to go off are dropped, 3 that repeat end");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"event_loop", "in_process"})
    void reload_saysWhoseHandlersStay(String placement) {
        var program =
                programs.start(Launch.of(Turns.class, "--placement", placement).withOptions("-DLOG_LEVEL=info"));
        try (var client = new LineClient(program.port())) {
            client.send("reload");
            program.awaitLine("a reload replaces children; handlers of \\[event] run in the manager's process");
            assertThat(client.ask("ping")).isEqualTo("pong");
        }
    }
}
