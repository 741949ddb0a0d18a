package dev.shunt.tests.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shunt.testing.Launch;
import dev.shunt.testing.LineClient;
import dev.shunt.testing.Programs;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** {@code ./shunt example dead-letters}. */
@Tag("processes")
class DeadLettersTest {

    /** Nobody listens on port 1. */
    private static final String NOBODY = "http://127.0.0.1:1/";

    private static final String COMMANDS = "fetch URL, dead, rerun ID, or discard ID";

    @RegisterExtension
    static final Programs programs = new Programs();

    @Test
    void whatFailsToTheEnd_isListed_runAgain_andDiscarded() {
        var program = programs.start(Launch.of("DeadLetters", "--port", 0));
        try (var client = new LineClient(program.port())) {
            assertThat(client.ask("fetch " + NOBODY)).isEqualTo("task 0");
            assertThat(client.read()).startsWith("task 0: java.net.ConnectException");
            assertThat(client.ask("dead")).isEqualTo("0 {\"url\":\"" + NOBODY + "\"}");
            assertThat(client.read()).isEqualTo("1 dead");

            assertThat(client.ask("rerun 0")).isEqualTo("ok");
            assertThat(client.read()).startsWith("task 0: java.net.ConnectException");
            assertThat(client.ask("discard 0")).isEqualTo("ok");
            assertThat(client.ask("discard 0")).isEqualTo("there is no such dead letter");
            assertThat(client.ask("dead")).isEqualTo("0 dead");
        }
    }

    @Test
    void whatCanNeverWork_isNotTriedAgain() {
        var program = programs.start(Launch.of("DeadLetters", "--port", 0));
        try (var client = new LineClient(program.port())) {
            assertThat(client.ask("fetch nowhere at all")).isEqualTo("task 0");
            assertThat(client.read()).startsWith("task 0: java.lang.IllegalArgumentException");
            assertThat(client.ask("help")).isEqualTo(COMMANDS);
            assertThat(client.ask("deadly")).isEqualTo(COMMANDS);
            assertThat(client.ask("fetched x")).isEqualTo(COMMANDS);
            assertThat(client.ask("rerun 9")).isEqualTo("there is no such dead letter");
        }
    }
}
