package dev.shunt.tests.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shunt.testing.Launch;
import dev.shunt.testing.Programs;
import dev.shunt.tests.UdpClient;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** {@code ./shunt example udp-collector}. */
@Tag("processes")
class UdpCollectorTest {

    @RegisterExtension
    static final Programs programs = new Programs();

    @Test
    void datagrams_areAnswered_andCountedBySender() {
        var program = programs.start(Launch.of("UdpCollector", "--port", 0));
        int port = program.port();
        try (var one = new UdpClient(port);
                var two = new UdpClient(port)) {
            assertThat(one.ask("hello")).isEqualTo("got 5 bytes");
            assertThat(one.ask("")).isEqualTo("got 0 bytes");
            assertThat(two.ask("x".repeat(60_000))).isEqualTo("got 60000 bytes");
            assertThat(two.ask("stats\n"))
                    .contains("\"" + one.address() + "\":2", "\"" + two.address() + "\":1")
                    .hasSameSizeAs("{\"" + one.address() + "\":2,\"" + two.address() + "\":1}");
        }
        assertThat(program.stop()).isZero();
    }
}
