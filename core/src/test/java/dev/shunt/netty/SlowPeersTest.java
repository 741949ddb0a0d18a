package dev.shunt.netty;

import static dev.shunt.netty.NetworkFixture.WEB_SOCKET;
import static dev.shunt.netty.WebSocketBytes.BINARY;
import static dev.shunt.netty.WebSocketBytes.TEXT;
import static dev.shunt.netty.WebSocketBytes.frame;
import static dev.shunt.netty.WebSocketBytes.fromClient;
import static dev.shunt.netty.WebSocketBytes.shakeHands;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.shunt.data.Data;
import dev.shunt.net.Limits;
import dev.shunt.protocol.RawProtocol;
import dev.shunt.protocol.TextProtocol;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Who does not end his message, or takes nothing of what he is sent, is not waited for for ever. */
class SlowPeersTest {

    private static final Limits LIMITS = new Limits(1 << 20, 64 << 10, 8, Duration.ofSeconds(5), Duration.ofSeconds(2))
            .withMessageTimeout(Duration.ofMillis(700))
            .withSendTimeout(Duration.ofMillis(700));

    private final NetworkFixture fixture = new NetworkFixture();
    private final RecordedEvents events = new RecordedEvents();

    @AfterEach
    void close() {
        fixture.close();
    }

    @Test
    void line_thatComesByteByByte_isCutInTime() {
        try (var client =
                new RawClient(fixture.listen(new TextProtocol(), LIMITS, events).port())) {
            await().until(() -> {
                drip(client);
                return !events.closings.isEmpty();
            });
            assertThat(events.nextClosing()).contains("is not whole after 700 ms", "messageTimeout");
            assertThat(events.received).isEmpty();
        }
    }

    private static void drip(RawClient client) {
        try {
            client.send("x");
        } catch (UncheckedIOException e) {
            assertThat(e.getCause()).hasMessageMatching("(?i).*(reset|broken).*");
        }
    }

    @Test
    void webSocketMessage_thatDoesNotEnd_isCut_alsoBetweenItsFrames_oneThatHasEndedIsNot() {
        int port = fixture.listen(WEB_SOCKET, LIMITS, events).port();
        try (var good = new RawClient(port);
                var inFrame = new RawClient(port);
                var betweenFrames = new RawClient(port)) {
            shakeHands(good);
            shakeHands(inFrame);
            shakeHands(betweenFrames);
            good.send(fromClient(TEXT, "whole"));
            inFrame.send(Arrays.copyOf(fromClient(TEXT, "half"), 7));
            betweenFrames.send(frame(TEXT, "half".getBytes(UTF_8), true));

            assertThat(events.nextClosing()).contains("is not whole after 700 ms");
            assertThat(events.nextClosing()).contains("is not whole after 700 ms");
            good.send(fromClient(TEXT, "still here"));
            assertThat(events.nextReceived().text()).isEqualTo("whole");
            assertThat(events.nextReceived().text()).isEqualTo("still here");
        }
    }

    /** Each 4 KiB that have come are worth a second. */
    @Test
    void largeUpload_mayTakeItsTime() {
        int port = fixture.listen(WEB_SOCKET, LIMITS, events).port();
        byte[] message = fromClient(BINARY, new byte[100_000]);
        try (var client = new RawClient(port);
                var slow = new RawClient(port)) {
            shakeHands(client);
            shakeHands(slow);
            client.send(Arrays.copyOf(message, 50_000));
            fixture.turn();
            slow.send(Arrays.copyOf(message, 100));
            assertThat(events.nextClosing()).contains("a message of which 86 bytes have come");
            client.send(Arrays.copyOfRange(message, 50_000, message.length));

            assertThat(events.nextReceived().bytes()).hasSize(100_000);
        }
    }

    @Test
    void readerThatTakesNothing_isCutInTime() {
        var listening = fixture.listen(new RawProtocol(), LIMITS, events);
        try (var client = new RawClient(listening.port())) {
            var socket = events.nextOpened();
            await().pollInterval(Duration.ofMillis(10)).until(() -> {
                while (socket.send(Data.of(new byte[60_000]))) {
                    // until it is full here and there
                }
                return !events.closings.isEmpty();
            });
            assertThat(events.nextClosing()).contains("has taken nothing for 700 ms", "bytes wait");
            assertThat(client.readToEnd()).isNotEmpty();
        }
    }

    @Test
    void readerThatTakesLittle_isServed() {
        var listening = fixture.listen(new RawProtocol(), LIMITS.withSendTimeout(Duration.ofSeconds(2)), events);
        try (var client = new RawClient(listening.port())) {
            var socket = events.nextOpened();
            int sent = 0;
            while (socket.send(Data.of(new byte[60_000])) || events.drained.poll() != null) {
                sent += 60_000;
            }
            var taken = new int[1];
            int all = sent;
            await().pollInterval(Duration.ofMillis(50)).until(() -> {
                taken[0] += client.read(Math.min(80_000, all - taken[0])).length;
                return taken[0] == all;
            });
            assertThat(events.closings).isEmpty();
        }
    }
}
