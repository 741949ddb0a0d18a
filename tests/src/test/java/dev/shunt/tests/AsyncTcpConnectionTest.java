package dev.shunt.tests;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.shunt.testing.LineClient;
import dev.shunt.testing.Program;
import dev.shunt.testing.Programs;
import dev.shunt.testing.RawServer;
import dev.shunt.tests.programs.Caller;
import dev.shunt.tests.programs.CloseCodes;
import dev.shunt.tests.programs.Dialer;
import dev.shunt.tests.programs.Switchboard;
import dev.shunt.worker.AsyncTcpConnection;
import java.nio.ByteBuffer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Connections that handlers open, and timers that they set, wherever they run. The test is the server, if there is one. */
@Tag("processes")
@ParameterizedClass
@ValueSource(strings = {"children", "in_process", "event_loop"})
class AsyncTcpConnectionTest {

    @RegisterExtension
    static final Programs programs = new Programs();

    @SuppressWarnings("NullAway.Init") // before each run of the suite
    private static Program program;

    private final RawServer server = new RawServer();
    private final LineClient client = new LineClient(program.port());

    AsyncTcpConnectionTest(@SuppressWarnings("unused") String placement) {}

    @BeforeParameterizedClassInvocation
    static void start(String placement) {
        program = programs.start(Caller.class, "--placement", placement);
        program.port();
    }

    @BeforeEach
    void address() {
        client.send("new text://127.0.0.1:" + server.port());
    }

    /** Waits until it is done, for the next test's connection is the same to the program. */
    @AfterEach
    void close() {
        client.send("close").send("ping");
        String line = client.read();
        while (!line.equals("pong")) {
            line = client.read();
        }
        client.close();
        server.close();
    }

    /** Nothing else has happened by now: the next line is the answer to this. */
    private void assertNothingMore() {
        assertThat(client.ask("ping")).isEqualTo("pong");
    }

    @Test
    void sentBeforeConnect_isKept_andSentInOrder() {
        assertThat(client.ask("send a")).isEqualTo("sent true");
        assertThat(client.ask("send b")).isEqualTo("sent true");
        client.send("connect");
        try (var peer = server.acceptLines()) {
            assertThat(client.read()).isEqualTo("onConnect");
            assertThat(peer.read(2)).containsExactly("a", "b");
        }
        assertThat(client.read()).isEqualTo("onClose");
        assertNothingMore();
    }

    @Test
    void messages_bothWays_thenClosedByThePeer() {
        client.send("connect");
        try (var peer = server.acceptLines()) {
            assertThat(client.read()).isEqualTo("onConnect");
            assertThat(client.ask("send question")).isEqualTo("sent true");
            assertThat(peer.read()).isEqualTo("question");
            peer.send("answer 1").send("answer 2");
            assertThat(client.read(2)).containsExactly("onMessage answer 1", "onMessage answer 2");
            assertThat(client.ask("remote")).matches("remote 127.0.0.1:" + server.port() + " id -\\d+");
        }
        assertThat(client.read()).isEqualTo("onClose");
        assertThat(client.ask("send too late")).isEqualTo("sent false");
    }

    @Test
    void closedHere_afterWhatWasSent_onCloseOnce() {
        client.send("connect");
        try (var peer = server.acceptLines()) {
            assertThat(client.read()).isEqualTo("onConnect");
            assertThat(client.ask("send last words")).isEqualTo("sent true");
            client.send("close");
            assertThat(client.read()).isEqualTo("onClose");
            assertThat(peer.awaitClose()).isEqualTo("last words\n");
            client.send("close");
            assertNothingMore();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"close-yours last", "throw deliberately"})
    void whatCameBehindAClose_isNotHandled(String closing) {
        client.send("connect");
        try (var peer = server.acceptLines()) {
            assertThat(client.read()).isEqualTo("onConnect");
            peer.raw().send((closing + "\n1\n2\n3\n4\n5\n6\n").getBytes(US_ASCII));
            assertThat(client.read(2)).containsExactly("onMessage " + closing, "onClose");
            assertThat(peer.awaitClose()).isEqualTo(closing.startsWith("close") ? "last\n" : "");
            assertNothingMore();
        }
    }

    @Test
    void refused_isOnError1_thenOnClose_once() {
        int port = Ports.free();
        client.send("new text://127.0.0.1:" + port).send("connect");
        assertThat(client.read()).startsWith("onError 1 ").contains("127.0.0.1:" + port);
        assertThat(client.read()).isEqualTo("onClose");
        assertNothingMore();
    }

    @Test
    void unknownHost_isOnError1_thenOnClose() {
        client.send("new text://no-such-host.invalid:1").send("connect");
        assertThat(client.read()).startsWith("onError 1 ").contains("no-such-host.invalid");
        assertThat(client.read()).isEqualTo("onClose");
    }

    @Test
    void connectTimeout_includesTheWebSocketHandshake() {
        client.send("new ws://127.0.0.1:" + server.port()).send("timeout 200").send("connect");
        try (var silent = server.accept()) {
            assertThat(client.read()).startsWith("onError 1 ");
            assertThat(client.read()).isEqualTo("onClose");
            assertNothingMore();
            silent.awaitClose();
        }
    }

    @Test
    void closeWhileConnecting_isOnClose_withoutOnConnect() {
        client.send("new ws://127.0.0.1:" + server.port()).send("connect");
        try (var silent = server.accept()) {
            client.send("close");
            assertThat(client.read()).isEqualTo("onClose");
            assertNothingMore();
            silent.awaitClose();
        }
    }

    @Test
    void reconnect_connectsAgain_afterAWhile() {
        client.send("connect");
        server.accept().close();
        assertThat(client.read(2)).containsExactly("onConnect", "onClose");
        client.send("reconnect 0.1");
        try (var peer = server.acceptLines()) {
            assertThat(client.read()).isEqualTo("onConnect");
            assertThat(client.ask("send again")).isEqualTo("sent true");
            assertThat(peer.read()).isEqualTo("again");
        }
        assertThat(client.read()).isEqualTo("onClose");
    }

    @Test
    void reconnect_afterARefusal_findsTheServerThatCameUpMeanwhile() {
        int port = Ports.free();
        client.send("new text://127.0.0.1:" + port).send("connect");
        assertThat(client.read()).startsWith("onError 1 ");
        assertThat(client.read()).isEqualTo("onClose");
        client.send("new text://127.0.0.1:" + server.port()).send("reconnect 0");
        try (var _ = server.acceptLines()) {
            assertThat(client.read()).isEqualTo("onConnect");
        }
        assertThat(client.read()).isEqualTo("onClose");
    }

    @Test
    void close_cancelsReconnect() {
        client.send("connect");
        server.accept().close();
        assertThat(client.read(2)).containsExactly("onConnect", "onClose");
        client.raw().send("reconnect 0.5\nclose\nonce 0.8\n".getBytes(US_ASCII)); // at once: the close comes in time
        assertThat(client.read()).startsWith("once");
        assertThat(server.hasConnection()).isFalse();
    }

    @Test
    void keptBeforeConnect_isBounded() {
        assertThat(client.ask("send " + "k".repeat(700_000))).isEqualTo("sent true");
        assertThat(client.ask("send " + "k".repeat(700_000))).isEqualTo("sent false");
    }

    @Test
    void largeAnswer_isOneMessage() {
        client.send("connect");
        try (var peer = server.acceptLines()) {
            assertThat(client.read()).isEqualTo("onConnect");
            peer.send("l".repeat(700_000));
            assertThat(client.read()).isEqualTo("onMessage " + "l".repeat(700_000));
        }
        assertThat(client.read()).isEqualTo("onClose");
    }

    @Test
    void frames_andAProtocolOfOnesOwn() {
        client.send("new frame://127.0.0.1:" + server.port()).send("connect");
        try (var peer = server.accept()) {
            assertThat(client.read()).isEqualTo("onConnect");
            assertThat(client.ask("send frame")).isEqualTo("sent true");
            assertThat(ByteBuffer.wrap(peer.read(4)).getInt()).isEqualTo(9);
            assertThat(peer.read(5)).isEqualTo("frame".getBytes(US_ASCII));
        }
        assertThat(client.read()).isEqualTo("onClose");
        client.send("new netstring://127.0.0.1:" + server.port()).send("connect");
        try (var peer = server.accept()) {
            assertThat(client.read()).isEqualTo("onConnect");
            assertThat(client.ask("send own")).isEqualTo("sent true");
            assertThat(peer.read(6)).isEqualTo("3:own,".getBytes(US_ASCII));
            peer.send("5:reply,".getBytes(US_ASCII));
            assertThat(client.read()).isEqualTo("onMessage reply");
        }
        assertThat(client.read()).isEqualTo("onClose");
    }

    @Test
    void webSocket_toAServerOfOurs() {
        var switchboard = programs.start(Switchboard.class);
        int port = switchboard.port(Switchboard.SCHEMES.indexOf("websocket"));
        client.send("new ws://127.0.0.1:" + port + "/chat");
        assertThat(client.ask("send kept")).isEqualTo("sent true");
        client.send("connect");
        assertThat(client.read(3)).containsExactly("onConnect", "onMessage welcome to websocket", "onMessage kept");
        client.send("close");
        assertThat(client.read()).isEqualTo("onClose");
    }

    @Test
    void webSocket_asksWithItsHeaders() {
        client.send("new ws://127.0.0.1:" + server.port() + "/feed")
                .send("header Authorization Bearer secret")
                .send("header Origin https://example.org")
                .send("connect");
        try (var peer = server.acceptLines()) {
            assertThat(Stream.generate(peer::read).takeWhile(line -> !line.equals("\r")))
                    .contains(
                            "GET /feed HTTP/1.1\r",
                            "Authorization: Bearer secret\r",
                            "Origin: https://example.org\r",
                            "Upgrade: websocket\r");
        }
    }

    @Test
    void webSocket_isClosedWithACode_andHearsThePeers() {
        var codes = programs.start(CloseCodes.class);
        client.send("new ws://127.0.0.1:" + codes.port(0)).send("connect");
        assertThat(client.read(2))
                .satisfiesExactly(
                        first -> assertThat(first).isEqualTo("onConnect"),
                        second -> assertThat(second).startsWith("onMessage hello"));
        client.send("close-with 4004 done");
        assertThat(client.read()).isEqualTo("onClose");
        codes.awaitLine("^closed \\d+ with 4004 'done'$");
        client.send("connect");
        assertThat(client.read(2).getFirst()).isEqualTo("onConnect");
        client.send("send close 4005 your turn");
        assertThat(client.read(2)).containsExactly("sent true", "onClose");
        assertThat(client.ask("status")).isEqualTo("status 4005 your turn");
    }

    @Test
    void schemeOfTheWrongSide_orUnknown_isRefused() {
        assertThatThrownBy(() -> new AsyncTcpConnection("websocket://127.0.0.1:1"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("connect to ws://");
        assertThatThrownBy(() -> new AsyncTcpConnection("gopher://127.0.0.1:1"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("no protocol 'gopher'");
    }

    @Test
    void workerThatListensNowhere_opensAConnectionPerSlot() {
        var dialer = programs.start(Dialer.class, "text://127.0.0.1:" + server.port());
        try (var first = server.acceptLines();
                var second = server.acceptLines()) {
            assertThat(new String[] {first.read(), second.read()}).containsExactlyInAnyOrder("slot 0", "slot 1");
            first.send("one");
            second.send("two");
            dialer.awaitLine("slot \\d got one");
            dialer.awaitLine("slot \\d got two");
        }
        assertThat(dialer.stop()).isZero();
    }

    @Test
    void timer_ticksOnItsSlot_untilDeleted() {
        client.send("every 0.01");
        assertThat(client.read(5)).containsExactly("tick 1", "tick 2", "tick 3", "tick 4", "tick 5");
        client.send("del");
        String line = client.read();
        while (line.startsWith("tick ")) {
            line = client.read();
        }
        assertThat(line).isEqualTo("deleted true");
        client.send("once 0.1");
        assertThat(client.read()).as("no tick after it was deleted").startsWith("once, ticks ");
        assertThat(client.ask("del")).isEqualTo("deleted false");
    }

    @Test
    void timer_once_firesOnce() {
        client.send("once 0.01").send("once 0.1");
        assertThat(client.read(2)).allMatch(line -> line.startsWith("once"));
        assertNothingMore();
    }
}
