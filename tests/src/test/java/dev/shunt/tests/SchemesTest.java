package dev.shunt.tests;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.shunt.testing.LineClient;
import dev.shunt.testing.Program;
import dev.shunt.testing.Programs;
import dev.shunt.testing.RawClient;
import dev.shunt.testing.WebSocketClient;
import dev.shunt.tests.programs.Switchboard;
import java.nio.ByteBuffer;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/** Several workers in one program, each with a scheme of its own, spoken to by clients of other makers. */
@Tag("processes")
@ParameterizedClass
@ValueSource(strings = {"event_loop", "in_process", "children"})
class SchemesTest {

    @RegisterExtension
    static final Programs programs = new Programs();

    @SuppressWarnings("NullAway.Init") // before each run of the suite
    private static Program program;

    SchemesTest(@SuppressWarnings("unused") String placement) {}

    @BeforeParameterizedClassInvocation
    static void start(String placement) {
        program = programs.start(Switchboard.class, "--placement", placement);
        port("netstring");
    }

    private static int port(String scheme) {
        return program.port(Switchboard.SCHEMES.indexOf(scheme));
    }

    private static WebSocketClient webSocket() {
        var client = new WebSocketClient(port("websocket"), "/chat?room=1");
        assertThat(client.read()).isEqualTo("welcome to websocket");
        return client;
    }

    private static WebSocketBytes webSocketBytes(String... headers) {
        var client = WebSocketBytes.open(port("websocket"), headers);
        assertThat(client.read().payload()).isNotEmpty();
        return client;
    }

    private static byte[] frame(byte[] body) {
        return ByteBuffer.allocate(4 + body.length)
                .putInt(4 + body.length)
                .put(body)
                .array();
    }

    @Test
    void tcp_givesBytesAsTheyCome() {
        byte[] bytes = {0, -1, 10, 13, 127};
        try (var client = new RawClient(port("tcp"))) {
            assertThat(client.send(bytes).read(5)).isEqualTo(bytes);
        }
    }

    @Test
    void text_isLines_withLfOrCrlf_inAnyNumberOfPieces() {
        try (var client = new LineClient(port("text"))) {
            client.raw().send("one\ntwo\r\nth".getBytes(US_ASCII));
            assertThat(client.read(2)).containsExactly("one", "two");
            client.raw().send("ree\n\n".getBytes(US_ASCII));
            assertThat(client.read(2)).containsExactly("three", "");
            assertThat(client.ask("àé€𝄞")).isEqualTo("àé€𝄞");
        }
    }

    @Test
    void frame_isALengthAndBytes_inAnyNumberOfPieces() {
        byte[] large = "large".repeat(60_000).getBytes(US_ASCII);
        try (var client = new RawClient(port("frame"))) {
            for (byte single : frame("bit by bit".getBytes(US_ASCII))) {
                client.send(new byte[] {single});
            }
            assertThat(client.read(14)).isEqualTo(frame("bit by bit".getBytes(US_ASCII)));
            client.send(frame(new byte[0])).send(frame(large));
            assertThat(client.read(4)).isEqualTo(frame(new byte[0]));
            assertThat(client.read(4 + large.length)).isEqualTo(frame(large));
        }
    }

    @Test
    void netstring_aProtocolOfTheProgramsOwn() {
        try (var client = new RawClient(port("netstring"))) {
            client.send("5:hello,3:y".getBytes(US_ASCII));
            assertThat(client.read(8)).isEqualTo("5:hello,".getBytes(US_ASCII));
            client.send("ou,".getBytes(US_ASCII));
            assertThat(client.read(6)).isEqualTo("3:you,".getBytes(US_ASCII));
        }
    }

    @Test
    void webSocket_textAndBinary_keepTheirKind() {
        try (var client = webSocketBytes()) {
            client.send(WebSocketBytes.TEXT, "text");
            assertThat(client.read()).satisfies(frame -> {
                assertThat(frame.opcode()).isEqualTo(WebSocketBytes.TEXT);
                assertThat(frame.text()).isEqualTo("text");
            });
            client.send(WebSocketBytes.BINARY, "\0\377");
            assertThat(client.read()).satisfies(frame -> {
                assertThat(frame.opcode()).isEqualTo(WebSocketBytes.BINARY);
                assertThat(frame.text()).isEqualTo("\0\377");
            });
        }
    }

    @Test
    void webSocket_largeAndFragmentedMessages_arriveWhole() {
        try (var client = webSocket()) {
            assertThat(client.ask("w".repeat(300_000))).isEqualTo("w".repeat(300_000));
            assertThat(client.sendFragments("attiv", "ità ", "€", "").read()).isEqualTo("attività €");
        }
    }

    @Test
    void webSocket_controlFramesBetweenFragments() {
        try (var client = webSocketBytes()) {
            client.send(WebSocketBytes.TEXT, false, "be".getBytes(US_ASCII))
                    .send(WebSocketBytes.PING, "still there?")
                    .send(WebSocketBytes.CONTINUATION, true, "low".getBytes(US_ASCII));
            var pong = client.read();
            assertThat(pong.opcode()).isEqualTo(WebSocketBytes.PONG);
            assertThat(pong.text()).isEqualTo("still there?");
            assertThat(client.read().text()).isEqualTo("below");
        }
    }

    @Test
    void webSocket_closingHandshake_echoesTheCode() {
        try (var client = webSocket()) {
            client.sendClose(1000, "bye");
            assertThat(client.closeCode()).isEqualTo(1000);
        }
        try (var client = webSocketBytes()) {
            client.send(WebSocketBytes.CLOSE, "\3\350gone"); // 1000
            assertThat(client.read().closeCode()).isEqualTo(1000);
            assertThat(client.raw().awaitClose()).isEmpty();
        }
    }

    @Test
    void webSocket_permessageDeflate() throws DataFormatException {
        try (var client = WebSocketBytes.open(port("websocket"), "Sec-WebSocket-Extensions: permessage-deflate")) {
            assertThat(text(client.read())).isEqualTo("welcome to websocket");
            byte[] compressed = deflated("again and ".repeat(1_000));
            client.sendHead(0xC0 | WebSocketBytes.TEXT, compressed.length).sendRaw(compressed);
            var answer = client.read();
            assertThat(answer.rsv()).as("compressed").isEqualTo(4);
            assertThat(answer.payload().length).isLessThan(1_000);
            assertThat(text(answer)).isEqualTo("again and ".repeat(1_000));
        }
    }

    /** One message as RFC 7692 sends it: a sync flush without its last four bytes. */
    private static byte[] deflated(String text) {
        var deflater = new Deflater(Deflater.DEFAULT_COMPRESSION, true);
        deflater.setInput(text.getBytes(UTF_8));
        byte[] buffer = new byte[65_536];
        int length = deflater.deflate(buffer, 0, buffer.length, Deflater.SYNC_FLUSH);
        deflater.end();
        return new String(buffer, 0, length - 4, ISO_8859_1).getBytes(ISO_8859_1);
    }

    private static String text(WebSocketBytes.Frame frame) throws DataFormatException {
        return frame.rsv() == 4 ? inflated(frame.payload()) : frame.text();
    }

    private static String inflated(byte[] bytes) throws DataFormatException {
        var inflater = new Inflater(true);
        inflater.setInput(ByteBuffer.allocate(bytes.length + 4)
                .put(bytes)
                .putInt(0x0000ffff)
                .array());
        byte[] buffer = new byte[65_536];
        int length = inflater.inflate(buffer);
        inflater.end();
        return new String(buffer, 0, length, UTF_8);
    }
}
