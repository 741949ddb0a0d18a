package dev.shunt.tests.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shunt.testkit.Launch;
import dev.shunt.testkit.LineClient;
import dev.shunt.testkit.Programs;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** {@code ./shunt example cron}. That it runs by the clock is for {@code ScheduleTest}: here a minute would have to pass. */
@Timeout(60)
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

    @Test
    void expressionThatIsNone_isRefused_withItsName() {
        var program = programs.start(Launch.of("Cron", "--port", 0, "--cron", "61 * * * *"));

        assertThat(program.exitCode()).isEqualTo(1);
        assertThat(program.errors()).anyMatch(line -> line.contains("report") && line.contains("61 * * * *"));
    }
}
