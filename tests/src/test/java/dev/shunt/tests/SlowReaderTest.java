package dev.shunt.tests;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.shunt.testing.Programs;
import dev.shunt.testing.RawClient;
import dev.shunt.tests.programs.Flood;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A client that does not read: what {@code send} took arrives, every byte; what it did not is refused in the open. */
@Tag("processes")
@Timeout(120)
class SlowReaderTest {

    @RegisterExtension
    static final Programs programs = new Programs();

    @ParameterizedTest
    @ValueSource(strings = {"event_loop", "in_process", "children"})
    void whatSendTook_arrives_whateverThePlacement(String placement) {
        var program = programs.start(Flood.class, "--placement", placement);
        try (var client = new RawClient(program.port())) {
            client.send("flood".getBytes(UTF_8));
            int taken = Integer.parseInt(program.awaitLine("taken (\\d+)").group(1));
            program.awaitLine("error 2 .*");

            assertThat(client.read(taken)).hasSize(taken);
            program.awaitLine("drained");
        }
    }
}
