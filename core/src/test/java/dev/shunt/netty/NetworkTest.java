package dev.shunt.netty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.shunt.data.Data;
import dev.shunt.net.ApplicationProtocol.Framing;
import dev.shunt.net.Endpoint;
import dev.shunt.net.ListenOptions;
import dev.shunt.protocol.TextProtocol;
import java.io.IOException;
import java.net.BindException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

@Tag("alone")
@ParameterizedClass
@MethodSource("dev.shunt.netty.StreamSocketTest#transports")
class NetworkTest {

    private final NetworkFixture fixture;
    private final RecordedEvents events = new RecordedEvents();

    NetworkTest(Transport transport) {
        fixture = new NetworkFixture(transport);
    }

    @AfterEach
    void close() {
        fixture.close();
    }

    @Test
    void portInUse_isExplained() {
        int port = fixture.listen(new TextProtocol(), events).port();
        assertThatThrownBy(() -> bind("text://127.0.0.1:" + port))
                .isInstanceOf(BindException.class)
                .hasMessageContaining("cannot listen on text://127.0.0.1:" + port + ": the port is in use; stop");
    }

    @Test
    void hostElsewhere_isExplained() {
        assertThatThrownBy(() -> bind("text://192.0.2.1:0"))
                .isInstanceOf(BindException.class)
                .hasMessageContaining("text://192.0.2.1:0: 192.0.2.1 is no address of this machine");
        assertThatThrownBy(() -> bind("text://no..host:0")).hasMessageContaining("no..host cannot be resolved");
    }

    @Test
    void connections_waitUntilAccept() throws IOException {
        var listening = bind("text://0.0.0.0:0");
        try (var client = new RawClient(listening.port())) {
            client.send("early\n");
            fixture.turn();
            assertThat(events.log).isEmpty();

            listening.accept();
            assertThat(events.nextReceived().text()).isEqualTo("early\n");
        }
    }

    @Test
    void stopAccepting_givesThePortBackAndKeepsConnections() throws IOException {
        var listening = fixture.listen(new TextProtocol(), RecordedEvents.echoing());
        try (var client = new RawClient(listening.port())) {
            client.send("1\n");
            assertThat(client.readLine()).isEqualTo("1");
            listening.stopAccepting();

            await().untilAsserted(() ->
                    assertThatThrownBy(() -> new RawClient(listening.port())).hasMessageContaining("refused"));
            client.send("2\n");
            assertThat(client.readLine()).isEqualTo("2");
            bind("text://127.0.0.1:" + listening.port()).close();
        }
    }

    @Test
    void close_sendsWhatWaitsAndEndsAllThreads() {
        var clients = new ArrayList<RawClient>();
        int port = fixture.listen(new TextProtocol(), events).port();
        for (int i = 0; i < 20; i++) {
            clients.add(new RawClient(port));
            events.nextOpened().send(Data.of("bye\n"));
        }
        fixture.connect(port, new TextProtocol(), new RecordedEvents());
        fixture.close();

        for (var client : clients) {
            assertThat(client.readLine()).isEqualTo("bye");
            assertThat(client.read(1)).isEmpty();
        }
        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> assertThat(Thread.getAllStackTraces().keySet())
                        .extracting(Thread::getName)
                        .noneMatch(name -> name.startsWith("test-") || name.startsWith("globalEventExecutor")));
        assertThat(events.log.stream().filter("closed"::equals).count())
                .isEqualTo(events.log.stream().filter("opened"::equals).count());
        fixture.close();
    }

    @RepeatedTest(50)
    void close_whileConnectionsComeAndGo_endsEachOnce() {
        var server = new RecordedEvents().onReceived(Socket::send);
        int port = fixture.listen(new TextProtocol(), server).port();
        for (int i = 0; i < 20; i++) {
            fixture.connect(port, new TextProtocol(), events).send(Data.of("x\n"));
        }
        fixture.close();

        assertThat(events.log.stream().filter("closed"::equals)).hasSize(20);
        assertThat(server.log.stream().filter("closed"::equals).count())
                .isEqualTo(server.log.stream().filter("opened"::equals).count());
    }

    @Test
    void close_withALoopThatHangs_isBounded() {
        var release = new CountDownLatch(1);
        fixture.network.loop(0).execute(() -> {
            try {
                release.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        fixture.close();
        release.countDown();
    }

    @Test
    void bind_afterTheEnd_isRefused() {
        fixture.close();
        assertThatThrownBy(() -> bind("text://127.0.0.1:0")).hasMessageContaining("the network is closed");
    }

    @Test
    void close_onALoop_isRefused() throws Exception {
        var refusal = fixture.network
                .loop(0)
                .executor()
                .submit(() -> assertThatThrownBy(fixture::close).isInstanceOf(IllegalStateException.class));
        refusal.get().hasMessageContaining("call it from another thread");
    }

    @Test
    void thousandIdleConnections_needNoThreadAndLeaveOthersAlone() {
        var echoing = RecordedEvents.echoing();
        int port = fixture.listen(new TextProtocol(), echoing).port();
        int threads = Thread.activeCount();
        var idle = new ArrayList<RawClient>();
        try (var client = new RawClient(port)) {
            for (int i = 0; i < 1_000; i++) {
                idle.add(new RawClient(port).send("half"));
            }
            client.send("x\n");
            assertThat(client.readLine()).isEqualTo("x");
            assertThat(Thread.activeCount()).isLessThanOrEqualTo(threads + 2);
        }
        idle.forEach(RawClient::close);
    }

    private ListeningSocket bind(String address) throws IOException {
        return fixture.network.bind(
                Endpoint.parse(address),
                new Framing(new TextProtocol()),
                NetworkFixture.LIMITS,
                ListenOptions.DEFAULT,
                events);
    }
}
