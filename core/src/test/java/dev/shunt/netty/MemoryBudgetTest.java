package dev.shunt.netty;

import static dev.shunt.netty.NetworkFixture.WEB_SOCKET;
import static dev.shunt.netty.WebSocketBytes.BINARY;
import static dev.shunt.netty.WebSocketBytes.FINAL;
import static dev.shunt.netty.WebSocketBytes.frame;
import static dev.shunt.netty.WebSocketBytes.shakeHands;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.shunt.data.Data;
import dev.shunt.net.ApplicationProtocol;
import dev.shunt.net.ApplicationProtocol.Framing;
import dev.shunt.net.Limits;
import dev.shunt.protocol.FrameProtocol;
import dev.shunt.protocol.RawProtocol;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Above what all connections may hold together, the one that holds most is cut, and no other. */
class MemoryBudgetTest {

    private static final int BUDGET = 1 << 20;
    private static final int SMALL = 200_000;
    private static final Limits LIMITS = new Limits(2 << 20, 4 << 20, 8, Duration.ofSeconds(5), Duration.ofSeconds(2));

    private final MemoryBudget budget = MemoryBudget.of(BUDGET);
    private final NetworkFixture fixture = new NetworkFixture(Transport.best(), budget);
    private final RecordedEvents events = new RecordedEvents();

    @AfterEach
    void close() {
        fixture.close();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void halfMessages_beyondTheBudget_costTheLargestItsConnection(boolean webSocket) {
        ApplicationProtocol protocol = webSocket ? WEB_SOCKET : new Framing(new FrameProtocol());
        int port = fixture.listen(protocol, LIMITS, events).port();
        byte[] small = message(webSocket, SMALL);
        byte[] large = message(webSocket, 1_500_000);
        try (var first = client(port, webSocket);
                var second = client(port, webSocket);
                var third = client(port, webSocket)) {
            first.send(Arrays.copyOf(small, small.length - 1));
            second.send(Arrays.copyOf(small, small.length - 1));
            await().until(() -> budget.held() >= 2 * (SMALL - 100));
            third.send(Arrays.copyOf(large, large.length - 100_000));

            assertThat(events.nextClosing())
                    .matches("it held \\d+ bytes when all connections held more than " + BUDGET);
            assertThat(budget.evicted()).isEqualTo(1);
            first.send(Arrays.copyOfRange(small, small.length - 1, small.length));
            second.send(Arrays.copyOfRange(small, small.length - 1, small.length));
            assertThat(events.nextReceived().bytes().length).isGreaterThanOrEqualTo(SMALL);
            assertThat(events.nextReceived().bytes().length).isGreaterThanOrEqualTo(SMALL);
            assertThat(events.closings).isEmpty();
            await().until(() -> budget.held() == 0);
        }
    }

    /** A program may refer to what has ended for as long as it likes. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void endedSockets_keepNothingOfWhatTheyWereSent(boolean webSocket) {
        int sockets = 64;
        byte[] half = Arrays.copyOf(message(webSocket, 2_000_000), 400_000);
        ApplicationProtocol protocol = webSocket ? WEB_SOCKET : new Framing(new FrameProtocol());
        int port = fixture.listen(protocol, LIMITS, events).port();
        var ended = new ArrayList<Socket>();
        long before = usedHeap();
        for (int i = 0; i < sockets; i++) {
            try (var client = client(port, webSocket)) {
                var socket = events.nextOpened();
                client.send(half);
                await().until(() -> budget.held() >= half.length - 100);
                socket.destroy("on purpose");
                assertThat(events.nextClosing()).isEqualTo("on purpose");
                ended.add(socket);
            }
        }
        await().until(() -> usedHeap() - before < sockets * (long) half.length / 4);
        assertThat(ended).hasSize(sockets).noneMatch(Socket::isOpen);
    }

    private static long usedHeap() {
        System.gc();
        var runtime = Runtime.getRuntime();
        return runtime.totalMemory() - runtime.freeMemory();
    }

    @Test
    void whatWaitsToBeSent_counts_andWhoReadsIsNotTouched() {
        int port = fixture.listen(new RawProtocol(), LIMITS, events).port();
        try (var reader = new RawClient(port)) {
            var served = events.nextOpened();
            try (var silent = new RawClient(port)) {
                var stuck = events.nextOpened();
                await().pollInterval(Duration.ofMillis(10)).until(() -> {
                    stuck.send(Data.of(new byte[100_000]));
                    return !events.closings.isEmpty();
                });
                assertThat(events.nextClosing()).contains("it held");
                assertThat(silent.readToEnd()).isNotEmpty();
            }
            served.send(Data.of("hello"));
            assertThat(reader.read(5)).hasSize(5);
        }
        await().until(() -> budget.held() == 0);
    }

    @Test
    void halfHandshakes_count_andAreGivenBack() {
        int port = fixture.listen(WEB_SOCKET, LIMITS, events).port();
        var clients = new ArrayList<RawClient>();
        for (int i = 0; i < 50; i++) {
            clients.add(new RawClient(port).send("GET / HTTP/1.1\r\nX: " + "x".repeat(4_000)));
        }
        await().until(() -> budget.held() > 50 * 4_000);
        clients.forEach(RawClient::close);
        await().until(() -> budget.held() == 0);
    }

    private static RawClient client(int port, boolean webSocket) {
        var client = new RawClient(port);
        if (webSocket) {
            shakeHands(client);
        }
        return client;
    }

    private static byte[] message(boolean webSocket, int bytes) {
        return webSocket
                ? frame(FINAL | BINARY, new byte[bytes], true)
                : ByteBuffer.allocate(4 + bytes).putInt(4 + bytes).array();
    }
}
