package dev.shunt.tests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shunt.testing.Launch;
import dev.shunt.testing.LineClient;
import dev.shunt.testing.Program;
import dev.shunt.tests.programs.Coded;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The codec of the program is asked about all that travels between its processes. */
@Tag("processes")
class CodecTest {

    @ParameterizedTest
    @ValueSource(strings = {"event_loop", "children"})
    void objects_travelAsTheProgramSays(String placement) {
        try (var program = Program.start(Launch.of(Coded.class, "--placement", placement));
                var client = new LineClient(program.port())) {
            client.send("Tea");
            assertThat(client.read(2))
                    .containsExactly(
                            "progress Order[item=Tea, count=2]",
                            "Order[item=Tea, count=3] for Order[item=Tea, count=1]");
            program.awaitLine("^message Order\\[item=Tea, count=4\\]$");
            assertThat(client.ask("bad")).startsWith("failed cannot order eyj"); // {" in base 64
        }
    }
}
