package dev.shunt.netty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.shunt.data.Data;
import dev.shunt.net.Endpoint;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@EnabledOnOs(OS.LINUX)
class SystemDropsTest {

    private static final PacketEvents NOBODY = new PacketEvents() {
        @Override
        public void received(InetSocketAddress from, Data datagram) {}

        @Override
        public void tooLong(InetSocketAddress from, int bytes) {}

        @Override
        public void unsent() {}
    };

    @ParameterizedTest
    @CsvSource({"127.0.0.1, 127.0.0.1", "0.0.0.0, 127.0.0.1", "[::1], ::1"})
    void datagramsForWhichThereIsNoRoom_areTold(String host, String to) throws IOException {
        try (var fixture = new NetworkFixture();
                var bound = fixture.network.bindPackets(
                        Endpoint.parse("udp://" + host + ":0"), NetworkFixture.LIMITS, NOBODY);
                var sender = new DatagramSocket()) {
            assertThat(bound.droppedBySystem()).isZero();
            var packet = new DatagramPacket(
                    new byte[8_000],
                    8_000,
                    InetAddress.getByName(to),
                    bound.endpoint().port());
            await().untilAsserted(() -> {
                for (int i = 0; i < 100; i++) {
                    sender.send(packet);
                }
                assertThat(bound.droppedBySystem()).isPositive();
            });
        }
    }

    @Test
    void addressThatNobodyHas_hasLostNone() throws UnknownHostException {
        assertThat(SystemDrops.of(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 1)))
                .isZero();
    }
}
