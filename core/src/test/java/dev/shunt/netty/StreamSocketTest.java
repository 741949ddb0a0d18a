package dev.shunt.netty;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.shunt.data.Data;
import dev.shunt.net.Limits;
import dev.shunt.net.Peer;
import dev.shunt.protocol.TextProtocol;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

@Tag("alone")
@ParameterizedClass
@MethodSource("transports")
class StreamSocketTest {

    private final NetworkFixture fixture;

    StreamSocketTest(Transport transport) {
        fixture = new NetworkFixture(transport);
    }

    static List<Transport> transports() {
        return List.of(Transport.best(), Transport.nio());
    }

    @AfterEach
    void close() {
        fixture.close();
    }

    @Test
    void packets_ofOneRead_comeOneByOneAndInOrder() {
        var events = RecordedEvents.echoing();
        try (var client =
                new RawClient(fixture.listen(new TextProtocol(), events).port())) {
            client.send("one\ntwo\nthree\n");

            assertThat(client.readLine()).isEqualTo("one");
            assertThat(client.readLine()).isEqualTo("two");
            assertThat(client.readLine()).isEqualTo("three");
            assertThat(events.nextReceived()).isEqualTo(Data.of("one\n".getBytes(UTF_8)));
        }
        assertThat(events.nextClosing()).isEqualTo("closed by the peer");
        assertThat(events.log).containsExactly("opened", "received", "received", "received", "inputEnded", "closed");
    }

    @Test
    void accepted_knowItsPeerAndHaveIdsFromOne() {
        var events = new RecordedEvents();
        var listening = fixture.listen(new TextProtocol(), events);
        try (var first = new RawClient(listening.port());
                var second = new RawClient(listening.port())) {
            var peers = Stream.of(events.nextOpened(), events.nextOpened())
                    .map(Socket::peer)
                    .toList();

            assertThat(peers).extracting(Peer::connectionId).containsExactlyInAnyOrder(1L, 2L);
            assertThat(peers)
                    .extracting(Peer::remoteAddress)
                    .containsExactlyInAnyOrder(
                            "127.0.0.1:" + first.socket.getLocalPort(), "127.0.0.1:" + second.socket.getLocalPort());
            assertThat(peers).extracting(Peer::localPort).containsOnly(listening.port());
            assertThat(events.sockets.stream().map(Socket::loop).distinct()).hasSize(2);
        }
    }

    @Test
    void close_flushesWhatWasSent() {
        var events = new RecordedEvents().onReceived((socket, _) -> {
            socket.send(Data.of("x".repeat(200_000)));
            socket.send(Data.of("bye"));
            socket.close();
            assertThat(socket.send(Data.of("too late"))).isFalse();
        });
        try (var client =
                new RawClient(fixture.listen(new TextProtocol(), events).port())) {
            client.send("quit\nthis is never read\n");

            assertThat(client.readToEnd()).hasSize(200_003).endsWith("bye".getBytes(UTF_8));
        }
        assertThat(events.nextClosing()).isEqualTo("closed here");
        assertThat(events.received).hasSize(1);
    }

    @Test
    void close_whileThePeerGoesOnSending_isNoReset() {
        var events = new RecordedEvents().onReceived((socket, _) -> {
            socket.send(Data.of("bye\n"));
            socket.close();
        });
        try (var client =
                new RawClient(fixture.listen(new TextProtocol(), events).port())) {
            client.send("quit\n");
            events.nextClosing();
            for (int i = 0; i < 20; i++) {
                client.send("more\n");
            }

            assertThat(client.readLine()).isEqualTo("bye");
            assertThat(client.read(1)).isEmpty();
        }
    }

    @Test
    void close_onAPeerThatDoesNotRead_isCutInTime() {
        var limits = new Limits(1 << 20, 64 << 20, 8, Duration.ofSeconds(5), Duration.ofMillis(300));
        var events = new RecordedEvents().onOpened(socket -> {
            socket.send(Data.of(new byte[32 << 20]));
            socket.close();
        });
        try (var _ =
                new RawClient(fixture.listen(new TextProtocol(), limits, events).port())) {
            assertThat(events.nextClosing()).isEqualTo("not closed in order within 300 ms");
        }
    }

    @Test
    void inputEnded_canBeOutlivedByAnswers() {
        var events = new RecordedEvents().onInputEnded(_ -> {});
        try (var client =
                new RawClient(fixture.listen(new TextProtocol(), events).port())) {
            client.send("question\n").endOutput();
            await().until(() -> events.log.contains("inputEnded"));
            var socket = events.nextOpened();

            assertThat(socket.send(Data.of("answer\n"))).isTrue();
            socket.close();

            assertThat(client.readLine()).isEqualTo("answer");
            assertThat(events.nextClosing()).isEqualTo("closed by the peer");
        }
    }

    @Test
    void peerGone_whilePaused_keepsThePacketsThatCame() {
        var events = new RecordedEvents().onReceived((socket, _) -> socket.pauseReading());
        var client = new RawClient(fixture.listen(new TextProtocol(), events).port());
        client.send("one\ntwo\nthree\npart");
        events.nextReceived();
        client.close();
        var socket = events.nextOpened();
        fixture.turn();
        assertThat(events.log).containsExactly("opened", "received");

        socket.resumeReading();
        events.nextReceived();
        socket.resumeReading();
        assertThat(events.nextReceived().text()).isEqualTo("three\n");
        socket.resumeReading();

        assertThat(events.nextClosing()).isEqualTo("closed by the peer");
    }

    @Test
    void peerGone_whileItsAnswerIsAwaited_keepsNoLoopBusy() throws Exception {
        var events = new RecordedEvents().onInputEnded(_ -> {});
        var client = new RawClient(fixture.listen(new TextProtocol(), events).port());
        client.send("question\n").endOutput();
        await().until(() -> events.log.contains("inputEnded"));
        var socket = events.nextOpened();
        fixture.turn();
        client.reset();

        long before = cpuNanos(socket);
        await().pollDelay(Duration.ofMillis(300)).until(() -> true);
        assertThat(cpuNanos(socket) - before).isLessThan(30_000_000);
        socket.send(Data.of("too late\n"));
        socket.close();
        events.nextClosing();
    }

    private static long cpuNanos(Socket socket) throws Exception {
        return CompletableFuture.supplyAsync(
                        () -> ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime(), socket.loop())
                .get();
    }

    @Test
    void reset_isReportedOnce() {
        var events = new RecordedEvents();
        var client = new RawClient(fixture.listen(new TextProtocol(), events).port());
        client.send("one\n");
        events.nextReceived();
        client.reset();

        assertThat(events.nextClosing()).contains("reset");
        fixture.turn();
        assertThat(events.log).containsExactly("opened", "received", "closed");
    }

    @Test
    void destroy_fromAnotherThread_cuts() {
        var events = new RecordedEvents();
        try (var client =
                new RawClient(fixture.listen(new TextProtocol(), events).port())) {
            var socket = events.nextOpened();
            socket.destroy("idle too long");

            assertThat(client.readToEnd()).isEmpty();
            assertThat(events.nextClosing()).isEqualTo("idle too long");
            assertThat(socket.isOpen()).isFalse();
            assertThat(socket.send(Data.of("late"))).isFalse();
        }
    }

    @Test
    void handlerThatThrows_closesItsConnectionOnly() {
        var events = new RecordedEvents().onReceived((socket, packet) -> {
            if (packet.text().startsWith("bad")) {
                throw new IllegalStateException("boom");
            }
            socket.send(packet);
        });
        var listening = fixture.listen(new TextProtocol(), events);
        try (var bad = new RawClient(listening.port());
                var good = new RawClient(listening.port())) {
            bad.send("bad\n");
            assertThat(bad.readToEnd()).isEmpty();
            assertThat(events.nextClosing()).contains("boom");

            good.send("good\n");
            assertThat(good.readLine()).isEqualTo("good");
        }
    }

    @Test
    void send_fromManyThreads_keepsEachThreadsOrder() throws InterruptedException {
        int threads = 4;
        int each = 2_000;
        var events = new RecordedEvents();
        var limits = NetworkFixture.LIMITS.withMaxSendBytes(4 << 20);
        try (var client =
                new RawClient(fixture.listen(new TextProtocol(), limits, events).port())) {
            var socket = events.nextOpened();
            var senders = IntStream.range(0, threads)
                    .mapToObj(t -> Thread.ofPlatform().start(() -> {
                        for (int i = 0; i < each; i++) {
                            assertThat(socket.send(Data.of(t + " " + i + "\n"))).isTrue();
                        }
                    }))
                    .toList();

            var next = new int[threads];
            for (int i = 0; i < threads * each; i++) {
                String line = client.readLine();
                int thread = line.charAt(0) - '0';
                assertThat(line).isEqualTo(thread + " " + next[thread]++);
            }
            for (var sender : senders) {
                sender.join();
            }
        }
    }

    @Test
    void closeAfterSend_fromAnotherThread_losesNothing() {
        var events = new RecordedEvents();
        var listening = fixture.listen(new TextProtocol(), events);
        for (int round = 0; round < 50; round++) {
            try (var client = new RawClient(listening.port())) {
                var socket = events.nextOpened();
                for (int i = 0; i < 10; i++) {
                    socket.send(Data.of(i + "\n"));
                }
                socket.close();
                assertThat(new String(client.readToEnd(), UTF_8)).isEqualTo("0\n1\n2\n3\n4\n5\n6\n7\n8\n9\n");
            }
        }
    }

    @Test
    void attachment_staysWithTheSocket() {
        var events = new RecordedEvents().onOpened(socket -> socket.attach("state"));
        try (var client =
                new RawClient(fixture.listen(new TextProtocol(), events).port())) {
            client.send("x\n");
            events.nextReceived();
            assertThat(events.nextOpened().attachment()).isEqualTo("state");
        }
    }

    @Test
    void largePackets_growNoQuadraticCost() {
        var sizes = new ArrayList<Integer>();
        var limits = NetworkFixture.LIMITS.withMaxPackageBytes(16 << 20).withMaxSendBytes(64 << 20);
        var events = new RecordedEvents().onReceived((socket, packet) -> {
            sizes.add(packet.bytes().length);
            socket.send(Data.of("got it\n"));
        });
        try (var client =
                new RawClient(fixture.listen(new TextProtocol(), limits, events).port())) {
            client.send("x".repeat(12 << 20) + "\n");
            assertThat(client.readLine()).isEqualTo("got it");
            assertThat(sizes).containsExactly((12 << 20) + 1);
        }
    }
}
