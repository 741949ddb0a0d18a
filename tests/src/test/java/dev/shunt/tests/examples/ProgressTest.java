package dev.shunt.tests.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shunt.testkit.Launch;
import dev.shunt.testkit.Programs;
import dev.shunt.testkit.WebSocketClient;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** {@code ./shunt example progress}. */
@Timeout(60)
class ProgressTest {

    @RegisterExtension
    static final Programs programs = new Programs();

    @Test
    void client_isToldHowFarItsTaskIs_andThenTheResult() {
        var program = programs.start(Launch.of("Progress", "--port", 0));
        try (var client = new WebSocketClient(program.port())) {
            assertThat(client.ask("1000")).isEqualTo("10 %");
            for (int percent = 20; percent <= 100; percent += 10) {
                assertThat(client.read()).isEqualTo(percent + " %");
            }
            assertThat(client.read()).isEqualTo("168 primes");
            assertThat(client.ask("many")).contains("whole number");
        }
    }
}
