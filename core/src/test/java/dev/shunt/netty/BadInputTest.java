package dev.shunt.netty;

import static dev.shunt.netty.NetworkFixture.WEB_SOCKET;
import static dev.shunt.netty.WebSocketBytes.BINARY;
import static dev.shunt.netty.WebSocketBytes.CLOSE;
import static dev.shunt.netty.WebSocketBytes.COMPRESSED;
import static dev.shunt.netty.WebSocketBytes.CONTINUATION;
import static dev.shunt.netty.WebSocketBytes.FINAL;
import static dev.shunt.netty.WebSocketBytes.PING;
import static dev.shunt.netty.WebSocketBytes.PONG;
import static dev.shunt.netty.WebSocketBytes.TEXT;
import static dev.shunt.netty.WebSocketBytes.closeFromClient;
import static dev.shunt.netty.WebSocketBytes.deflated;
import static dev.shunt.netty.WebSocketBytes.frame;
import static dev.shunt.netty.WebSocketBytes.fromClient;
import static dev.shunt.netty.WebSocketBytes.join;
import static dev.shunt.netty.WebSocketBytes.read;
import static dev.shunt.netty.WebSocketBytes.request;
import static dev.shunt.netty.WebSocketBytes.shakeHands;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import dev.shunt.http.HttpProtocol;
import dev.shunt.net.ApplicationProtocol.Framing;
import dev.shunt.net.ApplicationProtocol.Http;
import dev.shunt.net.Limits;
import dev.shunt.net.Protocol;
import dev.shunt.protocol.FrameProtocol;
import dev.shunt.protocol.TextProtocol;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What is no message closes its connection, with a reason, and touches no other. */
class BadInputTest {

    private static final int MAX_BYTES = 1_000;
    private static final Limits LIMITS = limits(Duration.ofSeconds(10));
    private static final String PLAIN = "X-Nothing: special";
    private static final String DEFLATE = "Sec-WebSocket-Extensions: permessage-deflate";

    private final NetworkFixture fixture = new NetworkFixture();
    private final RecordedEvents events = RecordedEvents.echoing();

    @AfterEach
    void close() {
        fixture.close();
    }

    static Stream<Arguments> streams() {
        return Stream.of(
                argumentSet("frame of 0", new FrameProtocol(), new byte[] {0, 0, 0, 0}, "a frame of 0 bytes"),
                argumentSet("frame of 1", new FrameProtocol(), new byte[] {0, 0, 0, 1, 'x'}, "a frame of 1 bytes"),
                argumentSet("frame of 2", new FrameProtocol(), new byte[] {0, 0, 0, 2}, "a frame of 2 bytes"),
                argumentSet("frame of 3", new FrameProtocol(), new byte[] {0, 0, 0, 3}, "a frame of 3 bytes"),
                argumentSet("frame of 4 GiB", new FrameProtocol(), new byte[] {-1, -1, -1, -1}, "4294967295 bytes"),
                argumentSet("frame of 1 GiB", new FrameProtocol(), new byte[] {0x40, 0, 0, 0}, "1000 are allowed"),
                argumentSet("frame of max + 1", new FrameProtocol(), new byte[] {0, 0, 3, -23}, "of 1001 bytes"),
                argumentSet("garbage as frame", new FrameProtocol(), "GET / HTTP/1.1".getBytes(UTF_8), "are allowed"),
                argumentSet("endless line", new TextProtocol(), new byte[MAX_BYTES + 1], "without the end"),
                argumentSet("line of max + 1", new TextProtocol(), line(MAX_BYTES + 1), "of 1001 bytes"),
                argumentSet("refused", (Protocol) _ -> -1, new byte[1], "the protocol refused it"),
                argumentSet("protocol throws", (Protocol) buffer -> buffer.get(1), new byte[1], "protocol threw"));
    }

    @ParameterizedTest
    @MethodSource("streams")
    void badStream_isCut(Protocol protocol, byte[] bad, String reason) {
        var listening = fixture.listen(protocol, LIMITS, events);
        try (var client = new RawClient(listening.port())) {
            client.send(bad);

            assertThat(events.nextClosing()).contains(reason);
            assertThat(client.readToEnd()).isEmpty();
            assertThat(events.received).isEmpty();
        }
    }

    @Test
    void longestAllowed_isServed() {
        try (var lines = new RawClient(
                        fixture.listen(new TextProtocol(), LIMITS, events).port());
                var webSocket =
                        new RawClient(fixture.listen(WEB_SOCKET, LIMITS, events).port())) {
            lines.send(line(MAX_BYTES));
            assertThat(lines.read(MAX_BYTES)).isEqualTo(line(MAX_BYTES));

            shakeHands(webSocket);
            webSocket.send(fromClient(BINARY, new byte[MAX_BYTES]));
            assertThat(read(webSocket).payload()).hasSize(MAX_BYTES);
        }
    }

    @Test
    void badConnections_leaveOthersAlone() {
        var listening = fixture.listen(new TextProtocol(), LIMITS, events);
        try (var good = new RawClient(listening.port())) {
            for (int i = 0; i < 20; i++) {
                try (var bad = new RawClient(listening.port())) {
                    bad.send(new byte[5 * MAX_BYTES]);
                    good.send(i + "\n");
                    assertThat(good.readLine()).isEqualTo(String.valueOf(i));
                    assertThat(bad.readToEnd()).isEmpty();
                }
            }
        }
    }

    static Stream<Arguments> webSockets() {
        byte[] bomb = deflated(new byte[MAX_BYTES + 1]);
        return Stream.of(
                argumentSet("unmasked", 1002, PLAIN, frame(FINAL | TEXT, bytes("x"), false)),
                argumentSet("reserved opcode 3", 1002, PLAIN, fromClient(3, "x")),
                argumentSet("reserved opcode 15", 1002, PLAIN, fromClient(15, "x")),
                argumentSet("RSV1 without deflate", 1002, PLAIN, frame(FINAL | COMPRESSED | TEXT, bytes("x"), true)),
                argumentSet("RSV2", 1002, PLAIN, frame(FINAL | 0x20 | TEXT, bytes("x"), true)),
                argumentSet("ping of 126", 1002, PLAIN, fromClient(PING, new byte[126])),
                argumentSet("fragmented ping", 1002, PLAIN, frame(PING, bytes("x"), true)),
                argumentSet("continuation of nothing", 1002, PLAIN, fromClient(CONTINUATION, "x")),
                argumentSet("text in text", 1002, PLAIN, join(frame(TEXT, bytes("x"), true), fromClient(TEXT, "y"))),
                argumentSet(
                        "length not minimal", 1002, PLAIN, new byte[] {(byte) 0x81, (byte) 0xfe, 0, 1, 0, 0, 0, 0, 'x'
                        }),
                argumentSet(
                        "length negative", 1002, PLAIN, new byte[] {(byte) 0x81, (byte) 0xff, -1, 0, 0, 0, 0, 0, 0, 0}),
                argumentSet("not UTF-8", 1007, PLAIN, fromClient(TEXT, new byte[] {(byte) 0xc3, 0x28})),
                argumentSet(
                        "surrogate", 1007, PLAIN, fromClient(TEXT, new byte[] {(byte) 0xed, (byte) 0xa0, (byte) 0x80})),
                argumentSet("half a character", 1007, PLAIN, fromClient(TEXT, new byte[] {(byte) 0xe2, (byte) 0x82})),
                argumentSet(
                        "not UTF-8 in a later fragment",
                        1007,
                        PLAIN,
                        join(frame(TEXT, bytes("x"), true), frame(CONTINUATION, new byte[] {(byte) 0xff}, true))),
                argumentSet("close with code 5000", 1002, PLAIN, closeFromClient(5000)),
                argumentSet("too long", 1009, PLAIN, fromClient(BINARY, new byte[MAX_BYTES + 1])),
                argumentSet(
                        "8 EiB", 1009, PLAIN, new byte[] {(byte) 0x82, (byte) 0xff, 0x7f, -1, -1, -1, -1, -1, -1, -1}),
                argumentSet(
                        "too long when joined",
                        1009,
                        PLAIN,
                        join(
                                frame(BINARY, new byte[MAX_BYTES], true),
                                frame(CONTINUATION, new byte[0], true),
                                frame(CONTINUATION, new byte[1], true))),
                argumentSet("close with one byte", 1002, PLAIN, fromClient(CLOSE, new byte[1])),
                argumentSet("close with code 999", 1002, PLAIN, closeFromClient(999)),
                argumentSet("close with code 1005", 1002, PLAIN, closeFromClient(1005)),
                argumentSet("close with code 1006", 1002, PLAIN, closeFromClient(1006)),
                argumentSet("close with code 2999", 1002, PLAIN, closeFromClient(2999)),
                argumentSet(
                        "close with a bad reason", 1007, PLAIN, fromClient(CLOSE, new byte[] {3, -24, (byte) 0xff})),
                argumentSet("zip bomb", 1009, DEFLATE, frame(FINAL | COMPRESSED | BINARY, bomb, true)),
                argumentSet(
                        "large zip bomb",
                        1009,
                        DEFLATE,
                        frame(FINAL | COMPRESSED | TEXT, deflated(new byte[900_000]), true)),
                argumentSet(
                        "zip bomb in fragments",
                        1009,
                        DEFLATE,
                        join(frame(COMPRESSED | BINARY, bomb, true), frame(FINAL | CONTINUATION, new byte[0], true))),
                argumentSet(
                        "no zip", 1007, DEFLATE, frame(FINAL | COMPRESSED | TEXT, bytes("\u0007\u0007\u0007"), true)),
                argumentSet("a zip that is cut off", 1007, DEFLATE, compressed(cut(1))),
                argumentSet("a zip that is cut off by more", 1007, DEFLATE, compressed(cut(4))),
                argumentSet("a zip of nothing at all", 1007, DEFLATE, compressed(new byte[0])),
                argumentSet(
                        "inflated text that is not UTF-8",
                        1007,
                        DEFLATE,
                        frame(FINAL | COMPRESSED | TEXT, deflated(new byte[] {(byte) 0xff}), true)),
                argumentSet("RSV2 with deflate", 1002, DEFLATE, frame(FINAL | 0x20 | TEXT, bytes("x"), true)),
                argumentSet(
                        "RSV1 on a continuation",
                        1002,
                        DEFLATE,
                        join(
                                frame(COMPRESSED | TEXT, deflated(bytes("x")), true),
                                frame(FINAL | COMPRESSED | CONTINUATION, bytes("x"), true))),
                argumentSet("RSV1 on a ping", 1002, DEFLATE, frame(FINAL | COMPRESSED | PING, bytes("x"), true)));
    }

    private static byte[] compressed(byte[] zip) {
        return frame(FINAL | COMPRESSED | TEXT, zip, true);
    }

    private static byte[] cut(int bytes) {
        byte[] zip = deflated(bytes("what is cut off must not be delivered as something else"));
        return Arrays.copyOf(zip, zip.length - bytes);
    }

    /** Of a frame that is longer, and whose end never comes. */
    @Test
    void badText_isNoticedAtItsFirstByte() {
        try (var client =
                new RawClient(fixture.listen(WEB_SOCKET, LIMITS, events).port())) {
            shakeHands(client);
            byte[] whole = fromClient(TEXT, "x".repeat(900));
            client.send(Arrays.copyOf(whole, 500));
            fixture.turn();
            byte[] wrong = fromClient(TEXT, join(bytes("x".repeat(500)), new byte[] {(byte) 0xff}, new byte[399]));
            client.send(Arrays.copyOfRange(wrong, 500, whole.length - 390));

            assertThat(read(client).closeCode()).isEqualTo(1007);
        }
    }

    @ParameterizedTest
    @MethodSource("webSockets")
    void badWebSocket_isClosedWithItsCode(int code, String header, byte[] bad) {
        int port = fixture.listen(WEB_SOCKET, LIMITS, events).port();
        try (var good = new RawClient(port);
                var client = new RawClient(port)) {
            shakeHands(good);
            shakeHands(client, header);
            client.send(join(fromClient(TEXT, "good"), bad, fromClient(TEXT, "never read")));

            assertThat(read(client).text()).isEqualTo("good");
            var last = read(client);
            assertThat(last.opcode()).isEqualTo(CLOSE);
            assertThat(last.closeCode()).isEqualTo(code);
            assertThat(client.readToEnd()).isEmpty();
            assertThat(events.nextClosing()).startsWith("bad input: ");
            assertThat(events.received).hasSize(1);

            good.send(fromClient(PING, "still there?"));
            assertThat(read(good).opcode()).isEqualTo(PONG);
        }
    }

    static Stream<Arguments> handshakes() {
        String right = new String(request(), ISO_8859_1);
        return Stream.of(
                argumentSet("plain GET", 426, "GET / HTTP/1.1\r\nHost: x\r\n\r\n"),
                argumentSet("plain POST", 426, "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n"),
                argumentSet("not GET", 400, right.replace("GET", "PUT")),
                argumentSet("HTTP/1.0", 400, right.replace("HTTP/1.1", "HTTP/1.0")),
                argumentSet("a body", 400, right.replace("\r\n\r\n", "\r\nContent-Length: 1\r\n\r\nx")),
                argumentSet("no key", 400, right.replace("Sec-WebSocket-Key", "X-Key")),
                argumentSet("no Host", 400, right.replace("Host: localhost\r\n", "")),
                argumentSet("empty Host", 400, right.replace("Host: localhost", "Host:")),
                argumentSet("two Hosts", 400, right.replace("Host: ", "Host: a\r\nHost: ")),
                argumentSet("two keys", 400, twice(right, "Sec-WebSocket-Key: " + WebSocketBytes.KEY)),
                argumentSet("two versions", 400, twice(right, "Sec-WebSocket-Version: 13")),
                argumentSet("two Upgrades", 400, twice(right, "Upgrade: websocket")),
                argumentSet("a key without its end", 400, right.replace("b25jZQ==", "b25jZQ")),
                argumentSet("bad key", 400, right.replace(WebSocketBytes.KEY, "c2hvcnQ=")),
                argumentSet("no version", 400, right.replace("Sec-WebSocket-Version: 13\r\n", "")),
                argumentSet("version 8", 426, right.replace("Version: 13", "Version: 8")),
                argumentSet("no Connection", 426, right.replace("keep-alive, Upgrade", "keep-alive")),
                argumentSet("long line", 414, "GET /" + "x".repeat(10_000) + " HTTP/1.1\r\n\r\n"),
                argumentSet("long head", 431, right.replace("Host: ", "X: " + "x".repeat(20_000) + "\r\nHost: ")),
                argumentSet(
                        "broken extensions",
                        101,
                        right.replace("Host: ", "Sec-WebSocket-Extensions: ;;,=,;\r\nHost: ")),
                argumentSet("garbage", 400, "\u0000\u0001\u0002 \r\n\r\n"));
    }

    @ParameterizedTest
    @MethodSource("handshakes")
    void badHandshake_isAnsweredAndNeverOpens(int status, String request) {
        try (var client =
                new RawClient(fixture.listen(WEB_SOCKET, LIMITS, events).port())) {
            client.send(request);

            String head = WebSocketBytes.readHead(client);
            assertThat(head).startsWith("HTTP/1.1 " + status);
            if (status == 101) {
                return;
            }
            assertThat(head).contains("Sec-WebSocket-Version: 13").contains("Connection: close");
            client.readToEnd();
            fixture.turn();
            assertThat(events.log).isEmpty();
        }
    }

    /** One that is short enough is read on, and refused for its coding. */
    @ParameterizedTest
    @CsvSource({"400, 0, 414", "0, 500, 431", "200, 0, 501", "0, 300, 501"})
    void headOfHttp_isAsLongAsItsSettingsSay(int line, int header, int status) {
        var http = new Http(HttpProtocol.DEFAULT.withMaxLine(300).withMaxHeaders(400));
        try (var client = new RawClient(fixture.listen(http, LIMITS, events).port())) {
            client.send("GET /" + "x".repeat(line) + " HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: gzip\r\nX: "
                    + "x".repeat(header) + "\r\n\r\n");
            assertThat(WebSocketBytes.readHead(client)).startsWith("HTTP/1.1 " + status);
        }
    }

    @Test
    void slowHandshake_isCutInTime() {
        var expedited = limits(Duration.ofMillis(500));
        try (var client =
                new RawClient(fixture.listen(WEB_SOCKET, expedited, events).port())) {
            client.send("GET / HTTP/1.1\r\nHost:");

            assertThat(client.readToEnd()).isEmpty();
            fixture.turn();
            assertThat(events.log).isEmpty();
        }
    }

    @RepeatedTest(20)
    void randomBytes_areBoundedAndEndTheirConnection() {
        long seed = new Random().nextLong();
        var random = new Random(seed);
        for (var protocol : List.of(new Framing(new FrameProtocol()), new Framing(new TextProtocol()), WEB_SOCKET)) {
            int port = fixture.listen(protocol, LIMITS, events).port();
            for (int i = 0; i < 20; i++) {
                try (var client = new RawClient(port)) {
                    var bytes = new byte[random.nextInt(5_000)];
                    random.nextBytes(bytes);
                    client.send(protocol.equals(WEB_SOCKET) && i % 2 == 0 ? join(request(), bytes) : bytes);
                    client.endOutput();
                    client.readToEnd();
                }
            }
        }
        assertThat(events.received)
                .as("seed %d", seed)
                .allSatisfy(packet -> assertThat(packet.bytes().length).isLessThanOrEqualTo(MAX_BYTES));
    }

    private static String twice(String request, String line) {
        return request.replace(line + "\r\n", line + "\r\n" + line + "\r\n");
    }

    private static Limits limits(Duration handshakeWithin) {
        return new Limits(MAX_BYTES, 64 << 10, 8, handshakeWithin, Duration.ofSeconds(2));
    }

    private static byte[] line(int length) {
        return ("x".repeat(length - 1) + "\n").getBytes(UTF_8);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }
}
