package dev.shunt.netty;

import static dev.shunt.netty.NetworkFixture.WEB_SOCKET;
import static dev.shunt.netty.WebSocketBytes.BINARY;
import static dev.shunt.netty.WebSocketBytes.CLOSE;
import static dev.shunt.netty.WebSocketBytes.CONTINUATION;
import static dev.shunt.netty.WebSocketBytes.FINAL;
import static dev.shunt.netty.WebSocketBytes.PING;
import static dev.shunt.netty.WebSocketBytes.PONG;
import static dev.shunt.netty.WebSocketBytes.TEXT;
import static dev.shunt.netty.WebSocketBytes.closeFromClient;
import static dev.shunt.netty.WebSocketBytes.frame;
import static dev.shunt.netty.WebSocketBytes.fromClient;
import static dev.shunt.netty.WebSocketBytes.join;
import static dev.shunt.netty.WebSocketBytes.read;
import static dev.shunt.netty.WebSocketBytes.shakeHands;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.shunt.data.Codec;
import dev.shunt.data.Data;
import dev.shunt.http.WebSocketProtocol;
import dev.shunt.net.ApplicationProtocol;
import dev.shunt.net.Limits;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class WebSocketTest {

    private static final String DEFLATE = "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits";
    private static final Limits QUICK = new Limits(64 << 10, 1 << 20, 8, Duration.ofSeconds(5), Duration.ofMillis(300));

    private final NetworkFixture fixture = new NetworkFixture();

    @AfterEach
    void close() {
        fixture.close();
    }

    // Our server

    @Test
    void handshake_isThatOfTheRfc() {
        try (var client = new RawClient(listen(RecordedEvents.echoing()))) {
            assertThat(shakeHands(client))
                    .isEqualTo("HTTP/1.1 101 Switching Protocols\nUpgrade: websocket\nConnection: Upgrade\n"
                            + "Sec-WebSocket-Accept: " + WebSocketBytes.ACCEPT + "\n");
        }
    }

    @Test
    void subprotocol_isTheServersFirstThatTheClientNames() {
        var protocol =
                new ApplicationProtocol.WebSocket(WebSocketProtocol.DEFAULT.withSubprotocols("chat.v2", "chat.v1"));
        int port = fixture.listen(protocol, new RecordedEvents()).port();
        try (var client = new RawClient(port);
                var other = new RawClient(port)) {
            assertThat(shakeHands(client, "Sec-WebSocket-Protocol: mqtt, chat.v1, chat.v2"))
                    .contains("Sec-WebSocket-Protocol: chat.v2\n");
            assertThat(shakeHands(other, "Sec-WebSocket-Protocol: mqtt")).doesNotContain("Sec-WebSocket-Protocol");
        }
    }

    @Test
    void kinds_travelAsTextAndBinary() {
        var events = new RecordedEvents().onReceived((socket, _) -> {
            socket.send(Data.of("text"));
            socket.send(Data.of(new byte[] {1, 2}));
            socket.send(Data.of(Map.of("a", 1)));
            socket.send(Data.received(Data.Kind.TEXT, new byte[] {'x', (byte) 0xff}, Codec.json()));
        });
        try (var client = new RawClient(listen(events))) {
            shakeHands(client);
            client.send(fromClient(TEXT, "go"));

            assertThat(read(client)).returns(TEXT, WebSocketBytes.Frame::opcode).returns("text", f -> f.text());
            assertThat(read(client)).returns(BINARY, WebSocketBytes.Frame::opcode);
            assertThat(read(client)).returns(TEXT, WebSocketBytes.Frame::opcode).returns("{\"a\":1}", f -> f.text());
            assertThat(read(client)).as("repaired").returns("x\ufffd", WebSocketBytes.Frame::text);
        }
    }

    @Test
    void lengthsAroundTheFormsOfTheHeader_comeBack() {
        var limits = NetworkFixture.LIMITS.withMaxPackageBytes(1 << 20);
        int port = fixture.listen(WEB_SOCKET, limits, RecordedEvents.echoing()).port();
        try (var client = new RawClient(port)) {
            shakeHands(client);
            for (int length : new int[] {0, 1, 125, 126, 127, 65_535, 65_536, 200_000}) {
                client.send(fromClient(BINARY, new byte[length]));
                var answer = read(client);
                assertThat(answer.payload()).hasSize(length);
                assertThat(answer.masked()).isFalse();
            }
        }
    }

    @Test
    void controlFrames_mayComeBetweenFragments() {
        var events = RecordedEvents.echoing();
        try (var client = new RawClient(listen(events))) {
            shakeHands(client);
            client.send(join(
                    frame(TEXT, "Hel".getBytes(UTF_8), true),
                    fromClient(PING, "p"),
                    fromClient(PONG, "ignored"),
                    frame(CONTINUATION, "l".getBytes(UTF_8), true),
                    frame(FINAL | CONTINUATION, "o".getBytes(UTF_8), true)));

            assertThat(read(client)).returns(PONG, WebSocketBytes.Frame::opcode).returns("p", f -> f.text());
            assertThat(read(client)).returns(TEXT, WebSocketBytes.Frame::opcode).returns("Hello", f -> f.text());
        }
    }

    @Test
    void clientsClose_isAnsweredWithItsCode() {
        var events = new RecordedEvents();
        int port = listen(events);
        for (int code : new int[] {1000, 1001, 3000, 4999}) {
            try (var client = new RawClient(port)) {
                shakeHands(client);
                client.send(join(closeFromClient(code), fromClient(TEXT, "never read")));

                assertThat(read(client).closeCode()).isEqualTo(code);
                assertThat(client.readToEnd()).isEmpty();
                assertThat(events.nextClosing()).isEqualTo("closed by the peer: " + code);
            }
        }
        try (var client = new RawClient(port)) {
            shakeHands(client);
            client.send(fromClient(CLOSE, ""));
            assertThat(read(client).payload()).isEmpty();
            assertThat(events.nextClosing()).isEqualTo("closed by the peer");
        }
        assertThat(events.received).isEmpty();
    }

    @Test
    void serversClose_saysNormalAndWaitsForTheAnswer() {
        var events = new RecordedEvents().onReceived((socket, _) -> {
            socket.send(Data.of("last words"));
            socket.close();
        });
        try (var client = new RawClient(listen(events))) {
            shakeHands(client);
            client.send(fromClient(TEXT, "quit"));
            assertThat(read(client).text()).isEqualTo("last words");
            assertThat(read(client).closeCode()).isEqualTo(1000);
            client.send(fromClient(TEXT, "crossed with the close"));
            fixture.turn();
            assertThat(events.closings).isEmpty();

            client.send(closeFromClient(1000));
            assertThat(client.readToEnd()).isEmpty();
            assertThat(events.nextClosing()).isEqualTo("closed here");
            assertThat(events.received).hasSize(1);
        }
    }

    @Test
    void serversClose_withoutAnswer_isCutInTime() {
        var events = new RecordedEvents().onOpened(Socket::close);
        int port = fixture.listen(WEB_SOCKET, QUICK, events).port();
        try (var client = new RawClient(port)) {
            shakeHands(client);
            assertThat(events.nextClosing()).isEqualTo("not closed in order within 300 ms");
        }
    }

    @Test
    void shutdown_saysGoingAway() {
        var events = new RecordedEvents();
        var listening = fixture.listen(WEB_SOCKET, events);
        try (var client = new RawClient(listening.port())) {
            shakeHands(client);
            events.nextOpened();
            listening.close();

            assertThat(read(client).closeCode()).isEqualTo(1001);
        }
    }

    @Test
    void peerGoneWithoutGoodbye_whilePaused_keepsItsMessages() {
        var events = new RecordedEvents().onReceived((socket, _) -> socket.pauseReading());
        var client = new RawClient(listen(events));
        shakeHands(client);
        client.send(join(fromClient(TEXT, "1"), fromClient(TEXT, "2"), fromClient(TEXT, "3")));
        events.nextReceived();
        client.close();
        var socket = events.nextOpened();
        fixture.turn();

        socket.resumeReading();
        assertThat(events.nextReceived().text()).isEqualTo("2");
        socket.resumeReading();
        assertThat(events.nextReceived().text()).isEqualTo("3");
        assertThat(events.nextClosing()).isEqualTo("closed by the peer");
    }

    @Test
    void pings_areSentAndSilenceIsNoticed() {
        var events = new RecordedEvents();
        var protocol =
                new ApplicationProtocol.WebSocket(WebSocketProtocol.DEFAULT.withPingInterval(Duration.ofSeconds(1)));
        try (var client = new RawClient(fixture.listen(protocol, events).port())) {
            shakeHands(client);
            for (int i = 0; i < 3; i++) {
                assertThat(read(client).opcode()).isEqualTo(PING);
                client.send(fromClient(PONG, ""));
            }
            assertThat(events.closings).isEmpty();
            assertThat(events.nextClosing()).isEqualTo("silent for 1000 ms after a ping");
        }
    }

    @Test
    void deflate_isUsedForWhatGetsSmaller() {
        var limits = NetworkFixture.LIMITS;
        int port = fixture.listen(WEB_SOCKET, limits, RecordedEvents.echoing()).port();
        String text = "shunt ".repeat(5_000);
        try (var client = new RawClient(port)) {
            assertThat(shakeHands(client, DEFLATE))
                    .contains("Sec-WebSocket-Extensions: permessage-deflate; server_no_context_takeover;"
                            + " client_no_context_takeover\n");
            client.send(fromClient(TEXT, text));
            var answer = read(client);

            assertThat(answer.first()).isEqualTo(FINAL | WebSocketBytes.COMPRESSED | TEXT);
            assertThat(answer.payload()).hasSizeLessThan(text.length() / 10);
            client.send(frame(answer.first(), answer.payload(), true));
            assertThat(read(client).payload()).isEqualTo(answer.payload());

            client.send(fromClient(TEXT, "short"));
            assertThat(read(client).first()).isEqualTo(FINAL | TEXT);
        }
    }

    @Test
    void deflateWithASmallServerWindow_isDeclined() {
        try (var client = new RawClient(listen(new RecordedEvents()))) {
            assertThat(shakeHands(client, "Sec-WebSocket-Extensions: permessage-deflate; server_max_window_bits=10"))
                    .doesNotContain("Extensions");
        }
    }

    @Test
    void deflateSwitchedOff_isDeclined() {
        var protocol = new ApplicationProtocol.WebSocket(WebSocketProtocol.DEFAULT.withDeflate(false));
        try (var client =
                new RawClient(fixture.listen(protocol, new RecordedEvents()).port())) {
            assertThat(shakeHands(client, DEFLATE)).doesNotContain("Extensions");
        }
    }

    // The JDK's client and our server

    @Test
    void jdkClient_talksToOurServer() throws Exception {
        var events = RecordedEvents.echoing();
        var limits = NetworkFixture.LIMITS.withMaxPackageBytes(1 << 20);
        var uri = URI.create(
                "ws://127.0.0.1:" + fixture.listen(WEB_SOCKET, limits, events).port() + "/any/path");
        var heard = new Heard();
        try (var http = HttpClient.newHttpClient()) {
            var client = http.newWebSocketBuilder().buildAsync(uri, heard).join();
            String large = "€".repeat(100_000);
            client.sendText("Hel", false).join();
            client.sendPing(ByteBuffer.wrap(new byte[] {7})).join();
            client.sendText("lo", true).join();
            client.sendText(large, true).join();
            client.sendBinary(ByteBuffer.wrap(new byte[] {1, 2, 3}), true).join();

            assertThat(heard.next()).isEqualTo("pong 7");
            assertThat(heard.next()).isEqualTo("text Hello");
            assertThat(heard.next()).isEqualTo("text " + large);
            assertThat(heard.next()).isEqualTo("binary 3");

            client.sendClose(4001, "enough").join();
            assertThat(heard.next()).isEqualTo("close 4001");
            assertThat(events.nextClosing()).isEqualTo("closed by the peer: 4001 enough");
        }
    }

    @Test
    void ourServersClose_reachesTheJdkClient() throws Exception {
        var events = new RecordedEvents().onReceived((socket, _) -> socket.close());
        var heard = new Heard();
        try (var http = HttpClient.newHttpClient()) {
            var client = http.newWebSocketBuilder()
                    .buildAsync(URI.create("ws://127.0.0.1:" + listen(events)), heard)
                    .join();
            client.sendText("quit", true).join();

            assertThat(heard.next()).isEqualTo("close 1000");
            assertThat(events.nextClosing()).isEqualTo("closed here");
        }
    }

    // Our client

    @Test
    void ourClient_talksToOurServer() {
        var server = RecordedEvents.echoing();
        var client = new RecordedEvents();
        String large = "shunt ".repeat(8_000);
        var socket = fixture.connect(listen(server), WEB_SOCKET, client);
        socket.send(Data.of("sent before it was open"));
        client.nextOpened();
        socket.send(Data.of(large));
        socket.send(Data.of(new byte[] {1, 2}));

        assertThat(client.nextReceived().text()).isEqualTo("sent before it was open");
        assertThat(client.nextReceived().text()).isEqualTo(large);
        assertThat(client.nextReceived()).isEqualTo(Data.of(new byte[] {1, 2}));
        assertThat(socket.peer().connectionId()).isNegative();

        socket.close();
        assertThat(server.nextClosing()).isEqualTo("closed by the peer: 1000");
        assertThat(client.nextClosing()).isEqualTo("closed here");
    }

    @Test
    void ourServersClose_endsOurClient() {
        var server = new RecordedEvents().onOpened(Socket::close);
        var client = new RecordedEvents();
        fixture.connect(listen(server), WEB_SOCKET, client);

        assertThat(client.nextClosing()).isEqualTo("closed by the peer: 1000");
        assertThat(server.nextClosing()).isEqualTo("closed here");
        assertThat(client.log).containsExactly("opened", "inputEnded", "closed");
    }

    @Test
    void ourClient_masksWithChangingKeysAndAsksProperly() throws IOException {
        try (var server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            var client = new RecordedEvents();
            var socket = fixture.connect(
                    "ws://localhost:" + server.getLocalPort() + "/chat?room=1",
                    new ApplicationProtocol.WebSocket(WebSocketProtocol.DEFAULT.withSubprotocols("chat")),
                    NetworkFixture.LIMITS,
                    client);
            try (var peer = new RawClient(server.accept())) {
                String request = WebSocketBytes.readHead(peer);
                assertThat(request)
                        .startsWith("GET /chat?room=1 HTTP/1.1\nHost: localhost:" + server.getLocalPort() + "\n")
                        .contains("Sec-WebSocket-Version: 13\n", "Sec-WebSocket-Protocol: chat\n")
                        .contains("Sec-WebSocket-Extensions: permessage-deflate; server_no_context_takeover");
                // The first message comes with the answer, in one piece.
                peer.send(join(
                        answerTo(request, "Sec-WebSocket-Protocol: chat"),
                        frame(FINAL | TEXT, new byte[] {'1'}, false)));
                assertThat(client.nextReceived().text()).isEqualTo("1");

                socket.send(Data.of("same"));
                socket.send(Data.of("same"));
                byte[] frames = peer.read(2 * (2 + 4 + 4));
                assertThat(frames[1] & 0x80).as("masked").isNotZero();
                assertThat(ByteBuffer.wrap(frames, 2, 4).getInt())
                        .isNotEqualTo(ByteBuffer.wrap(frames, 12, 4).getInt());

                peer.send(frame(FINAL | TEXT, new byte[] {'x'}, true));
                assertThat(read(peer).closeCode()).as("a server must not mask").isEqualTo(1002);
                assertThat(client.nextClosing()).contains("masked");
            }
        }
    }

    @Test
    void ourClient_refusesAnswersThatAreNone() throws IOException {
        var refusals = Map.of(
                "HTTP/1.1 404 Not Found\r\nContent-Length: 9\r\n\r\n",
                "answered 404 Not Found",
                "SSH-2.0-OpenSSH_9.9\r\n\r\n",
                "not HTTP",
                WebSocketBytes.response(),
                "not for this request",
                // No more ever comes, and none is waited for.
                "HTTP/1.1 101 X\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n",
                "Sec-WebSocket-Accept is missing",
                WebSocketBytes.response("Sec-WebSocket-Accept: " + WebSocketBytes.ACCEPT),
                "Sec-WebSocket-Accept is missing, or there twice",
                "HTTP/1.1 101 X\r\nUpgrade: websocket\r\n\r\n",
                "not for this request");
        for (var refusal : refusals.entrySet()) {
            assertThat(failureOf(_ -> refusal.getKey().getBytes(UTF_8))).contains(refusal.getValue());
        }
        for (String header : new String[] {
            "Sec-WebSocket-Protocol: chat",
            "Sec-WebSocket-Extensions: x-unknown",
            "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits=9; server_no_context_takeover",
            "Sec-WebSocket-Extensions: permessage-deflate"
        }) {
            assertThat(failureOf(request -> answerTo(request, header))).contains("not offered");
        }
        assertThat(failureOf(_ -> new byte[0])).contains("lost before it was open");
    }

    /** What a client of ours reports when a server answers so and ends the stream. */
    private String failureOf(Function<String, byte[]> answer) throws IOException {
        try (var server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            var client = new RecordedEvents();
            fixture.connect(server.getLocalPort(), WEB_SOCKET, client);
            try (var peer = new RawClient(server.accept())) {
                peer.send(answer.apply(WebSocketBytes.readHead(peer))).endOutput();
                String failure = client.nextFailure();
                client.nextClosing();
                assertThat(client.log).containsExactly("failed", "closed");
                return failure;
            }
        }
    }

    private static byte[] answerTo(String request, String header) {
        String key = request.lines()
                .filter(line -> line.startsWith("Sec-WebSocket-Key: "))
                .map(line -> line.substring("Sec-WebSocket-Key: ".length()))
                .findFirst()
                .orElseThrow();
        return WebSocketBytes.response(header)
                .replace(WebSocketBytes.ACCEPT, Handshake.acceptFor(key))
                .getBytes(UTF_8);
    }

    private int listen(RecordedEvents events) {
        return fixture.listen(WEB_SOCKET, events).port();
    }

    /** What a client of the JDK hears, in words. */
    private static final class Heard implements WebSocket.Listener {

        private final BlockingQueue<String> words = new LinkedBlockingQueue<>();
        private final StringBuilder text = new StringBuilder();

        String next() throws InterruptedException {
            String word = words.poll(60, TimeUnit.SECONDS);
            assertThat(word).isNotNull();
            return word;
        }

        @Override
        public @Nullable CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
            text.append(data);
            if (last) {
                words.add("text " + text);
                text.setLength(0);
            }
            socket.request(1);
            return null;
        }

        @Override
        public @Nullable CompletionStage<?> onBinary(WebSocket socket, ByteBuffer data, boolean last) {
            words.add("binary " + data.remaining());
            socket.request(1);
            return null;
        }

        @Override
        public @Nullable CompletionStage<?> onPong(WebSocket socket, ByteBuffer message) {
            words.add("pong " + message.get());
            socket.request(1);
            return null;
        }

        @Override
        public @Nullable CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
            words.add("close " + code);
            return null;
        }

        @Override
        public void onError(WebSocket socket, Throwable error) {
            words.add("error " + error);
        }
    }
}
