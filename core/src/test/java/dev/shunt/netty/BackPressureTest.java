package dev.shunt.netty;

import static dev.shunt.netty.NetworkFixture.WEB_SOCKET;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.shunt.data.Data;
import dev.shunt.net.Limits;
import dev.shunt.net.Protocol;
import dev.shunt.protocol.RawProtocol;
import dev.shunt.protocol.TextProtocol;
import java.io.ByteArrayOutputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** Who does not read is not read from, and costs no more memory than allowed. */
@ParameterizedClass
@MethodSource("dev.shunt.netty.StreamSocketTest#transports")
class BackPressureTest {

    /** More than the system's socket buffers hold together. */
    private static final int FLOOD_BYTES = 64 << 20;

    private static final Limits LIMITS =
            new Limits(64 << 10, 256 << 10, 8, Duration.ofSeconds(5), Duration.ofSeconds(2));

    private final NetworkFixture fixture;

    BackPressureTest(Transport transport) {
        fixture = new NetworkFixture(transport);
    }

    @AfterEach
    void close() {
        fixture.close();
    }

    @Test
    void echoToASlowReader_isBoundedAndLosesNothing() throws InterruptedException {
        var refused = new AtomicBoolean();
        var received = new AtomicLong();
        var events = new CountedEvents(received, (socket, packet) -> {
            if (!socket.send(packet)) {
                refused.set(true);
            }
        });
        try (var client =
                new RawClient(fixture.listen(new RawProtocol(), LIMITS, events).port())) {
            var sender = Thread.ofPlatform().start(() -> {
                var piece = new byte[64 << 10];
                for (int sent = 0; sent < FLOOD_BYTES; sent += piece.length) {
                    client.send(piece);
                }
            });
            long stuckAt = whereItStops(received);
            assertThat(stuckAt).isLessThan(FLOOD_BYTES / 2);

            assertThat(client.read(FLOOD_BYTES)).hasSize(FLOOD_BYTES);
            sender.join();
            assertThat(refused).isFalse();
        }
    }

    @Test
    void pausedFromTheStart_readsNextToNothing() throws InterruptedException {
        var received = new AtomicLong();
        var events = new CountedEvents(received, (socket, _) -> socket.pauseReading());
        try (var client =
                new RawClient(fixture.listen(new RawProtocol(), LIMITS, events).port())) {
            var sender = Thread.ofPlatform().start(() -> {
                try {
                    client.send(new byte[FLOOD_BYTES]);
                } catch (UncheckedIOException e) {
                    // closed at the end of this test
                }
            });
            assertThat(whereItStops(received)).isLessThan(256 << 10);
            client.reset();
            sender.join();
        }
    }

    @Test
    void send_atItsLimit_isRefusedUntilDrained() throws InterruptedException {
        var events = new RecordedEvents();
        try (var client =
                new RawClient(fixture.listen(new RawProtocol(), LIMITS, events).port())) {
            var socket = events.nextOpened();
            var piece = Data.of(new byte[10_000]);
            int taken = 0;
            do {
                while (socket.send(piece)) {
                    taken += 10_000;
                }
            } while (events.drained.poll(2, TimeUnit.SECONDS) != null);
            assertThat(socket.isOpen()).isTrue();
            assertThat(socket.send(piece)).isFalse();

            client.read(taken);
            assertThat(events.nextDrained()).isSameAs(socket);
            assertThat(socket.send(Data.of("more"))).isTrue();
            assertThat(client.read(4)).hasSize(4);
        }
    }

    @RepeatedTest(50)
    void everyRefusal_isFollowedByDrained() {
        var events = new RecordedEvents();
        var tight = new Limits(1_000, 1, 8, Duration.ofSeconds(5), Duration.ofSeconds(2));
        try (var client =
                new RawClient(fixture.listen(new RawProtocol(), tight, events).port())) {
            var socket = events.nextOpened();
            int sent = 0;
            while (sent < 200) {
                if (socket.send(Data.of("x"))) {
                    sent++;
                } else {
                    events.nextDrained();
                }
            }
            assertThat(client.read(sent)).hasSize(sent);
        }
    }

    @Test
    void pings_ofAPeerThatDoesNotRead_areNotReadForEver() throws InterruptedException {
        var events = new RecordedEvents();
        byte[] pings = pings(10_000);
        try (var client =
                new RawClient(fixture.listen(WEB_SOCKET, LIMITS, events).port())) {
            WebSocketBytes.shakeHands(client);
            var sent = new AtomicLong();
            var sender = Thread.ofPlatform().start(() -> {
                try {
                    while (true) {
                        client.send(pings);
                        sent.addAndGet(pings.length);
                    }
                } catch (UncheckedIOException e) {
                    // closed at the end of this test
                }
            });
            assertThat(whereItStops(sent)).isLessThan(FLOOD_BYTES);
            client.reset();
            sender.join();
        }
    }

    @Test
    void tinyLimit_stillEchoesAll() {
        var tiny = new Limits(100, 1, 1, Duration.ofSeconds(5), Duration.ofSeconds(2));
        Protocol protocol = new TextProtocol();
        try (var client = new RawClient(
                fixture.listen(protocol, tiny, RecordedEvents.echoing()).port())) {
            client.send("line\n".repeat(1_000));
            for (int i = 0; i < 1_000; i++) {
                assertThat(client.readLine()).isEqualTo("line");
            }
        }
    }

    private static long whereItStops(AtomicLong count) {
        var last = new AtomicLong(-1);
        await().pollInterval(Duration.ofMillis(300))
                .until(() -> count.get() > 0 && last.getAndSet(count.get()) == count.get());
        return count.get();
    }

    private static byte[] pings(int count) {
        var pings = new ByteArrayOutputStream();
        for (int i = 0; i < count; i++) {
            pings.writeBytes(WebSocketBytes.fromClient(WebSocketBytes.PING, new byte[100]));
        }
        return pings.toByteArray();
    }

    /** Counts the bytes and keeps none. */
    private record CountedEvents(AtomicLong received, BiConsumer<Socket, Data> action) implements SocketEvents {

        @Override
        public void opened(Socket socket) {}

        @Override
        public void received(Socket socket, Data packet) {
            received.addAndGet(packet.bytes().length);
            action.accept(socket, packet);
        }

        @Override
        public void failed(Socket socket, String message) {}

        @Override
        public void drained(Socket socket) {}

        @Override
        public void closed(Socket socket, String reason) {}
    }
}
