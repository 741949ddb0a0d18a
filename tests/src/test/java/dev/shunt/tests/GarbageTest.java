package dev.shunt.tests;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.shunt.testing.Launch;
import dev.shunt.testing.LineClient;
import dev.shunt.testing.Program;
import dev.shunt.testing.Programs;
import dev.shunt.testing.RawClient;
import dev.shunt.tests.programs.Switchboard;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What no decent client sends, to every kind of listener of a program with little memory: the connection is closed where it
 * must be, and no other notices.
 */
@Tag("alone")
@Tag("processes")
@ParameterizedClass
@ValueSource(strings = {"event_loop", "children"})
class GarbageTest {

    private static final int MAX_PACKAGE = 128 << 10;
    private static final int HEAP = 48;

    @SuppressWarnings("unused") // by name
    static final List<String> schemes = Switchboard.SCHEMES;

    @RegisterExtension
    static final Programs programs = new Programs();

    @SuppressWarnings("NullAway.Init") // before each run of the suite
    private static Program program;

    private final LineClient witness = new LineClient(port("text"));

    GarbageTest(@SuppressWarnings("unused") String placement) {}

    @BeforeParameterizedClassInvocation
    static void start(String placement) {
        program = programs.start(Launch.of(Switchboard.class, "--placement", placement, "--max-package", MAX_PACKAGE)
                .withOptions("-Xmx" + HEAP + "m", "-XX:+ExitOnOutOfMemoryError", "-DLOG_LEVEL=info"));
        port("netstring");
    }

    private static int port(String scheme) {
        return program.port(Switchboard.SCHEMES.indexOf(scheme));
    }

    @BeforeEach
    void witnessIsServed() {
        assertThat(witness.ask("before")).isEqualTo("before");
    }

    @AfterEach
    void othersAreUnaffected() {
        assertThat(witness.ask("after")).isEqualTo("after");
        witness.close();
        assertThat(program.isAlive()).isTrue();
        assertThat(program.residentBytes()).as("memory in bytes").isLessThan(400L << 20);
    }

    static Stream<Arguments> malformed() {
        return Stream.of(
                Arguments.of("frame", "a length of 0", bytes(0)),
                Arguments.of("frame", "a length of 3", bytes(3)),
                Arguments.of("frame", "a negative length", bytes(-1)),
                Arguments.of("frame", "the smallest int", bytes(Integer.MIN_VALUE)),
                Arguments.of("frame", "a length above the limit", bytes(MAX_PACKAGE + 1)),
                Arguments.of("frame", "the largest int", bytes(Integer.MAX_VALUE)),
                Arguments.of(
                        "text",
                        "a line above the limit",
                        "x".repeat(MAX_PACKAGE + 1).getBytes(US_ASCII)),
                Arguments.of("netstring", "no digits", "hello:".getBytes(US_ASCII)),
                Arguments.of("netstring", "too many digits", "1234567890".getBytes(US_ASCII)),
                Arguments.of("netstring", "a length above the limit", "999999:".getBytes(US_ASCII)),
                Arguments.of("websocket", "no HTTP", "\0\1\2\3 garbage\r\n\r\n".getBytes(US_ASCII)),
                Arguments.of("websocket", "an endless header", ("GET /" + "x".repeat(200_000)).getBytes(US_ASCII)),
                Arguments.of("websocket", "no upgrade", "GET / HTTP/1.1\r\nHost: a\r\n\r\n".getBytes(US_ASCII)),
                Arguments.of(
                        "websocket",
                        "a POST",
                        "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n".getBytes(US_ASCII)),
                Arguments.of(
                        "websocket",
                        "another version",
                        WebSocketBytes.request()
                                .replace("Version: 13", "Version: 99")
                                .getBytes(US_ASCII)));
    }

    private static byte[] bytes(int length) {
        return ByteBuffer.allocate(8).putInt(length).array();
    }

    @ParameterizedTest(name = "{0}, {1}")
    @MethodSource
    void malformed(String scheme, String what, byte[] bytes) {
        try (var client = new RawClient(port(scheme))) {
            sendWhatItTakes(client, bytes);
            if (scheme.equals("websocket")) {
                client.closeOutput(); // HTTP may keep a refused connection for a better request
            }
            byte[] answer = client.awaitClose();
            assertThat(new String(answer, ISO_8859_1)).as(what).matches("(?s)|HTTP/1.1 4.*");
        }
    }

    static Stream<Arguments> malformedFrames() {
        return Stream.of(
                Arguments.of("a frame without mask", new byte[] {(byte) 0x81, 1, 'a'}, 1002),
                Arguments.of("a reserved opcode", masked(0x83, 0), 1002),
                Arguments.of("a reserved bit", masked(0xC1, 0), 1002),
                Arguments.of("a continuation of nothing", masked(0x80, 0), 1002),
                Arguments.of("a fragmented ping", masked(0x09, 0), 1002),
                Arguments.of("a ping of 126 bytes", masked(0x89, 126), 1002),
                Arguments.of("text that is no UTF-8", masked(0x81, 2, (byte) 0xC3, (byte) 0x28), 1007),
                Arguments.of("a close code that is none", masked(0x88, 2, (byte) 0, (byte) 5), 1002),
                Arguments.of("a length above the limit", masked(0x82, MAX_PACKAGE + 1), 1009),
                Arguments.of("a length of 2^63 - 1", masked(0x82, Long.MAX_VALUE), 1009),
                Arguments.of("a negative length", masked(0x82, Long.MIN_VALUE), 1002));
    }

    private static byte[] masked(int first, long length, byte... payload) {
        var head = ByteBuffer.allocate(14 + payload.length).put((byte) first);
        if (length >= 0 && length < 126) {
            head.put((byte) (0x80 | length));
        } else if (length >= 0 && length < 65_536) {
            head.put((byte) (0x80 | 126)).putShort((short) length);
        } else {
            head.put((byte) (0x80 | 127)).putLong(length);
        }
        head.putInt(0).put(payload).flip();
        byte[] bytes = new byte[head.remaining()];
        head.get(bytes);
        return bytes;
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void malformedFrames(String what, byte[] bytes, int closeCode) {
        try (var client = WebSocketBytes.open(port("websocket"))) {
            assertThat(client.read().text()).startsWith("welcome");
            client.sendRaw(bytes);
            assertThat(client.read().closeCode()).as(what).isEqualTo(closeCode);
            client.raw().closeOutput();
            client.raw().awaitClose();
        }
    }

    @Test
    void webSocketMessage_ofManySmallFragments_aboveTheLimit_isClosed() {
        try (var client = WebSocketBytes.open(port("websocket"))) {
            assertThat(client.read().text()).startsWith("welcome");
            var fragments = ByteBuffer.allocate(MAX_PACKAGE + (MAX_PACKAGE / 1_000 + 2) * 1_010);
            fragments.put(masked(0x02, 0));
            for (int i = 0; i <= MAX_PACKAGE / 1_000 + 1; i++) {
                fragments.put(masked(0x00, 1_000, new byte[1_000]));
            }
            sendWhatItTakes(client.raw(), fragments.array());
            assertThat(client.read().closeCode()).isEqualTo(1009);
        }
    }

    @Test
    void closing_isLogged_withTheConnectionAndTheReason() {
        try (var client = new RawClient(port("frame"))) {
            client.send(bytes(2));
            client.awaitClose();
            program.awaitLine(client.localAddress() + ".*length.* 2|length.* 2.*" + client.localAddress());
        }
    }

    @ParameterizedTest
    @FieldSource("schemes")
    void randomBytes_closeAtMostTheirConnection(String scheme) {
        long seed = new Random().nextLong();
        IO.println("seed " + seed);
        var random = new Random(seed);
        for (int i = 0; i < 100; i++) {
            byte[] garbage = new byte[random.nextInt(4_000)];
            random.nextBytes(garbage);
            try (var client = new RawClient(port(scheme))) {
                sendWhatItTakes(client, garbage);
            }
        }
        assertThat(witness.ask("still")).isEqualTo("still");
    }

    @ParameterizedTest
    @FieldSource("schemes")
    void aThousandIdleConnections_costLittle(String scheme) {
        var idle = new ArrayList<RawClient>();
        for (int i = 0; i < 1_000; i++) {
            idle.add(new RawClient(port(scheme)));
        }
        assertThat(witness.ask("meanwhile")).isEqualTo("meanwhile");
        idle.forEach(RawClient::close);
    }

    @Test
    void halfMessages_waitForTheirRest_andOthersAreServed() {
        try (var text = new LineClient(port("text"));
                var frame = new RawClient(port("frame"));
                var netstring = new RawClient(port("netstring"));
                var http = new RawClient(port("websocket"))) {
            text.raw().send("hal".getBytes(US_ASCII));
            frame.send(new byte[] {0, 0});
            netstring.send("4:ha".getBytes(US_ASCII));
            String request = WebSocketBytes.request();
            http.send(request.substring(0, 40).getBytes(US_ASCII));
            assertThat(witness.ask("meanwhile")).isEqualTo("meanwhile");
            text.raw().send("f\n".getBytes(US_ASCII));
            assertThat(text.read()).isEqualTo("half");
            frame.send(new byte[] {0, 6, 'o', 'k'});
            assertThat(frame.read(6)).isEqualTo(new byte[] {0, 0, 0, 6, 'o', 'k'});
            netstring.send("lf,".getBytes(US_ASCII));
            assertThat(netstring.read(7)).isEqualTo("4:half,".getBytes(US_ASCII));
            http.send(request.substring(40).getBytes(US_ASCII));
            assertThat(WebSocketBytes.readHead(http)).startsWith("HTTP/1.1 101 ");
        }
    }

    /** Far more than the heap, if all that was promised were reserved. */
    @Test
    void manyHalfMessages_ofTheLargestSize_reserveNoMemory() {
        var clients = IntStream.range(0, 1_000)
                .mapToObj(_ -> new RawClient(port("frame")))
                .toList();
        clients.forEach(client -> client.send(bytes(MAX_PACKAGE)));
        assertThat(witness.ask("meanwhile")).isEqualTo("meanwhile");
        clients.forEach(RawClient::close);
    }

    /** Each answer that is not read stays with the server, up to a limit. */
    @Test
    void clientThatNeverReads_fillsItsOwnBufferOnly() {
        try (var client = new RawClient(port("tcp"))) {
            client.sendUntilStalled(new byte[64 << 10], 256 << 20, Duration.ofMillis(300));
            assertThat(witness.ask("meanwhile")).isEqualTo("meanwhile");
        }
    }

    @Test
    void connectionsThatAreReset_areForgotten() {
        for (int i = 0; i < 200; i++) {
            new RawClient(port("tcp")).reset();
        }
        var last = new RawClient(port("tcp"));
        String address = last.localAddress();
        last.reset();
        await().until(() -> program.lines().contains("closed tcp " + address));
    }

    /** The server may close before it has taken all. */
    private static void sendWhatItTakes(RawClient client, byte[] bytes) {
        try {
            client.send(bytes);
        } catch (UncheckedIOException e) {
            IO.println("closed while sending: " + e);
        }
    }
}
