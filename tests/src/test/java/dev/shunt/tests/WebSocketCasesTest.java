package dev.shunt.tests;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.shunt.testing.Program;
import dev.shunt.testing.Programs;
import dev.shunt.testing.RawClient;
import dev.shunt.tests.programs.Wire;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.stream.Stream;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the Autobahn test suite asks of a server, frame by frame; {@code websocket.txt} has its cases. */
@Tag("processes")
class WebSocketCasesTest {

    private static final String DEFLATE = "Sec-WebSocket-Extensions: permessage-deflate";

    /** What repeats its case byte by byte would take long. */
    private static final int SHORT = 400;

    private static final int FIN = 0x80;
    private static final int COMPRESSED = 0x40;
    private static final byte[] TAIL = {0, 0, (byte) 0xff, (byte) 0xff};

    @RegisterExtension
    static final Programs programs = new Programs();

    @SuppressWarnings("NullAway.Init") // before all tests
    private static Program program;

    private final Random random = new Random(7);

    @BeforeAll
    static void start() {
        program = programs.start(Wire.class, "--longest", 1 << 20);
    }

    static Stream<Arguments> cases() throws IOException {
        try (var table = Objects.requireNonNull(WebSocketCasesTest.class.getResourceAsStream("websocket.txt"))) {
            return new String(table.readAllBytes(), UTF_8)
                            .lines()
                            .filter(line -> !line.isEmpty() && !line.startsWith("#"))
                            .map(line -> line.split("\t", -1))
                            .map(columns -> Arguments.of(columns[0], columns[1], columns.length > 2 ? columns[2] : ""))
                            .toList()
                            .stream();
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void cases(String name, String sent, String heard) {
        byte[] bytes = FrameText.encoded(sent, random);
        try (var client = WebSocketBytes.open(program.port())) {
            client.sendRaw(bytes);
            hears(client, name, heard);
        }
        if (bytes.length < SHORT) {
            try (var client = WebSocketBytes.open(program.port())) {
                sendEach(client.raw(), bytes, 1);
                hears(client, name + ", byte by byte", heard);
            }
        }
    }

    private void hears(WebSocketBytes client, String name, String heard) {
        FrameText.words(heard)
                .forEach(word ->
                        assertThat(FrameText.described(client.read())).as(name).isEqualTo(FrameText.unescaped(word)));
        if (!heard.contains("close")) {
            client.sendRaw(FrameText.encoded("close:1000", random));
            assertThat(FrameText.described(client.read())).as(name).isEqualTo("close:1000");
        }
        assertThat(client.raw().awaitClose()).as(name).isEmpty();
    }

    /** The server may have closed before the last. */
    private static void sendEach(RawClient client, byte[] bytes, int piece) {
        for (int i = 0; i < bytes.length; i += piece) {
            try {
                client.send(Arrays.copyOfRange(bytes, i, Math.min(bytes.length, i + piece)));
            } catch (UncheckedIOException e) {
                return;
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {997, 1_300, 65_000})
    void largeMessages_inPieces_andInFragments(int piece) {
        byte[] text = "x".repeat(200_000).getBytes(ISO_8859_1);
        try (var client = WebSocketBytes.open(program.port())) {
            sendEach(client.raw(), FrameText.frame(FIN | WebSocketBytes.TEXT, text, 0, mask()), piece);
            assertThat(client.read().payload()).isEqualTo(text);
            for (int i = 0; i < text.length; i += piece) {
                boolean last = i + piece >= text.length;
                byte[] part = Arrays.copyOfRange(text, i, Math.min(text.length, i + piece));
                int opcode = i == 0 ? WebSocketBytes.BINARY : WebSocketBytes.CONTINUATION;
                client.sendRaw(FrameText.frame((last ? FIN : 0) | opcode, part, 0, mask()));
            }
            assertThat(client.read().payload()).isEqualTo(text);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "permessage-deflate",
                "permessage-deflate; client_max_window_bits",
                "permessage-deflate; client_max_window_bits=9",
                "permessage-deflate; server_no_context_takeover; client_no_context_takeover",
                "permessage-deflate; server_max_window_bits=15",
                "permessage-deflate; server_max_window_bits=9, permessage-deflate",
                "x-unknown, permessage-deflate; client_no_context_takeover"
            })
    void compressedMessages_ofManySizes_comeBack(String offer) throws DataFormatException {
        try (var client = WebSocketBytes.open(program.port(), "Sec-WebSocket-Extensions: " + offer)) {
            for (int size : List.of(0, 1, 16, 64, 256, 1_023, 1_024, 4_096, 8_192, 32_768, 65_536, 131_072)) {
                byte[] message = words(size);
                client.sendRaw(FrameText.frame(FIN | COMPRESSED | WebSocketBytes.TEXT, deflated(message), 0, mask()));
                assertThat(read(client)).as(offer).isEqualTo(message);
                client.sendRaw(FrameText.frame(FIN | WebSocketBytes.BINARY, message, 0, mask()));
                assertThat(read(client)).as(offer).isEqualTo(message);
            }
        }
    }

    @Test
    void compressedMessage_inFragments_withPingsBetween() throws DataFormatException {
        byte[] message = words(50_000);
        byte[] deflated = deflated(message);
        try (var client = WebSocketBytes.open(program.port(), DEFLATE)) {
            int half = deflated.length / 2;
            client.sendRaw(FrameText.frame(COMPRESSED | WebSocketBytes.TEXT, Arrays.copyOf(deflated, half), 0, mask()));
            client.sendRaw(FrameText.encoded("ping:between", random));
            client.sendRaw(FrameText.frame(FIN, Arrays.copyOfRange(deflated, half, deflated.length), 0, mask()));
            assertThat(FrameText.described(client.read())).isEqualTo("pong:between");
            assertThat(read(client)).isEqualTo(message);
        }
    }

    static Stream<Arguments> wrongCompression() {
        byte[] bomb = new byte[(1 << 20) + 1];
        byte[] cut = Arrays.copyOf(deflated(words(1_000)), 100);
        return Stream.of(
                Arguments.of("what is no deflate", new byte[] {(byte) 0xff, 1, 2, 3}, WebSocketBytes.BINARY, 1007),
                Arguments.of("what is cut off", cut, WebSocketBytes.BINARY, 1007),
                Arguments.of("a bomb", deflated(bomb), WebSocketBytes.BINARY, 1009),
                Arguments.of("no UTF-8", deflated(new byte[] {(byte) 0xc3, 0x28}), WebSocketBytes.TEXT, 1007),
                Arguments.of("a compressed ping", new byte[0], WebSocketBytes.PING, 1002),
                Arguments.of("a compressed continuation", new byte[0], WebSocketBytes.CONTINUATION, 1002));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void wrongCompression(String what, byte[] payload, int opcode, int code) {
        try (var client = WebSocketBytes.open(program.port(), DEFLATE)) {
            client.sendRaw(FrameText.frame(FIN | COMPRESSED | opcode, payload, 0, mask()));
            assertThat(client.read().closeCode()).as(what).isEqualTo(code);
            client.raw().awaitClose();
        }
    }

    private byte[] mask() {
        byte[] mask = new byte[4];
        random.nextBytes(mask);
        return mask;
    }

    /** What a person might write, of exactly so many bytes. */
    private static byte[] words(int size) {
        var text = new StringBuilder();
        for (int i = 0; text.length() < size; i++) {
            text.append("{\"n\":").append(i * 7_919 % 1_000).append(",\"text\":\"hello world\"}");
        }
        text.setLength(size);
        return text.toString().getBytes(ISO_8859_1);
    }

    private static byte[] read(WebSocketBytes client) throws DataFormatException {
        var frame = client.read();
        return frame.rsv() == 0 ? frame.payload() : inflated(frame.payload());
    }

    private static byte[] deflated(byte[] message) {
        var deflater = new Deflater(Deflater.DEFAULT_COMPRESSION, true);
        deflater.setInput(message);
        byte[] room = new byte[message.length + 100];
        int length = deflater.deflate(room, 0, room.length, Deflater.SYNC_FLUSH);
        deflater.end();
        return Arrays.copyOf(room, length - TAIL.length);
    }

    private static byte[] inflated(byte[] deflated) throws DataFormatException {
        var inflater = new Inflater(true);
        var input = new ByteArrayOutputStream();
        input.writeBytes(deflated);
        input.writeBytes(TAIL);
        inflater.setInput(input.toByteArray());
        var out = new ByteArrayOutputStream();
        byte[] piece = new byte[8 << 10];
        for (int more = inflater.inflate(piece); more > 0; more = inflater.inflate(piece)) {
            out.write(piece, 0, more);
        }
        inflater.end();
        return out.toByteArray();
    }
}
