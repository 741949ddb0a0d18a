package dev.shunt.tests.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shunt.testing.Launch;
import dev.shunt.testing.LineClient;
import dev.shunt.testing.Programs;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * {@code ./shunt example cron}. That it runs by the clock is for {@code ScheduleTest}: here a minute would have to
 * pass.
 */
@Tag("processes")
class CronTest {

    @RegisterExtension
    static final Programs programs = new Programs();

    @Test
    void whoeverAsks_getsAReport() {
        var program = programs.start(Launch.of("Cron", "--port", 0));
        try (var client = new LineClient(program.port())) {
            assertThat(client.ask("how are you")).startsWith("Done[").contains("load at ");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"61 * * * *", "", "* * *", "abc", "0 0 30 2 *"})
    void expressionThatIsNone_isRefused_inOneLine(String wrong) {
        var program = programs.start(Launch.of("Cron", "--port", 0, "--cron", wrong));

        assertThat(program.exitCode()).isEqualTo(2);
        assertThat(program.errors())
                .singleElement()
                .asString()
                .startsWith("cron: ")
                .contains("--cron", "'" + wrong + "'", "--help");
    }
}
