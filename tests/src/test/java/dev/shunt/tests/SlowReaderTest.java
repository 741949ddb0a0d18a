package dev.shunt.tests;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.shunt.testing.Programs;
import dev.shunt.testing.RawClient;
import dev.shunt.tests.programs.Flood;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A client that does not read: what {@code send} took arrives, every byte; what it did not is refused in the open. */
@Tag("processes")
class SlowReaderTest {

    /** The default of what may wait to be sent. */
    private static final long LIMIT = 1 << 20;

    private static final long PACKET = 64 << 10;

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
            program.awaitLine("drained, takes more: true");
        }
    }

    /** In children as much may be on its way to the manager as may wait there. */
    @ParameterizedTest
    @CsvSource({"event_loop, 1", "in_process, 1", "children, 2"})
    void send_refuses_whenAsMuchWaitsAsMay(String placement, int limits) throws IOException {
        var program = programs.start(Flood.class, "--placement", placement);
        try (var client = new RawClient(program.port())) {
            client.send("until refused".getBytes(UTF_8));
            int taken =
                    Integer.parseInt(program.awaitLine("refused after (\\d+)").group(1));

            assertThat(taken - inTheKernel(client)).as("bytes that wait").isLessThan(limits * LIMIT + 2 * PACKET);
            assertThat(client.read(taken)).hasSize(taken);
            program.awaitLine("drained, takes more: true");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"event_loop", "children"})
    void send_toAConnectionOfAnotherProcess_refuses_whenTwiceAsMuchWaitsAsMay(String placement) throws IOException {
        var program = programs.start(Flood.class, "--placement", placement);
        try (var client = new RawClient(program.port())) {
            client.send("from elsewhere".getBytes(UTF_8));
            int taken =
                    Integer.parseInt(program.awaitLine("refused after (\\d+)").group(1));

            assertThat(taken - inTheKernel(client)).as("bytes that wait").isLessThan(2 * LIMIT + 2 * PACKET);
            assertThat(client.read(taken)).hasSize(taken);
            program.awaitLine("drained, takes more: true");
        }
    }

    /** Bytes that the system has of what was sent to the client and not read: with the sender, and with the receiver. */
    private static long inTheKernel(RawClient client) throws IOException {
        String address = client.localAddress();
        String port =
                String.format(Locale.ROOT, ":%04X", Integer.parseInt(address.substring(address.lastIndexOf(':') + 1)));
        long bytes = 0;
        for (String table : List.of("/proc/net/tcp", "/proc/net/tcp6")) {
            for (String line : Files.readAllLines(Path.of(table))) {
                String[] fields = line.strip().split("\\s+", -1);
                String[] queues = fields[4].split(":", -1);
                if (fields[2].endsWith(port)) {
                    bytes += Long.parseLong(queues[0], 16);
                } else if (fields[1].endsWith(port)) {
                    bytes += Long.parseLong(queues[1], 16);
                }
            }
        }
        return bytes;
    }
}
