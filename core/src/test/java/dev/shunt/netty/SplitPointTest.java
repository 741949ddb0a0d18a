package dev.shunt.netty;

import static dev.shunt.netty.NetworkFixture.WEB_SOCKET;
import static dev.shunt.netty.WebSocketBytes.BINARY;
import static dev.shunt.netty.WebSocketBytes.COMPRESSED;
import static dev.shunt.netty.WebSocketBytes.CONTINUATION;
import static dev.shunt.netty.WebSocketBytes.FINAL;
import static dev.shunt.netty.WebSocketBytes.PING;
import static dev.shunt.netty.WebSocketBytes.TEXT;
import static dev.shunt.netty.WebSocketBytes.deflated;
import static dev.shunt.netty.WebSocketBytes.frame;
import static dev.shunt.netty.WebSocketBytes.fromClient;
import static dev.shunt.netty.WebSocketBytes.join;
import static dev.shunt.netty.WebSocketBytes.request;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import dev.shunt.data.Codec;
import dev.shunt.data.Data;
import dev.shunt.net.ApplicationProtocol;
import dev.shunt.net.ApplicationProtocol.Framing;
import dev.shunt.protocol.FrameProtocol;
import dev.shunt.protocol.Protocols;
import dev.shunt.protocol.TextProtocol;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** However a stream falls into pieces on its way, the same messages come out of it. */
class SplitPointTest {

    private final NetworkFixture fixture = new NetworkFixture();

    /** What a client sends, and the messages in it. */
    record Stream(String name, ApplicationProtocol protocol, byte[] bytes, List<Data> messages) {
        @Override
        public String toString() {
            return name;
        }
    }

    static List<Stream> streams() {
        return List.of(
                new Stream(
                        "text",
                        new Framing(new TextProtocol()),
                        "one\r\n\ntwo €\nthree".getBytes(UTF_8),
                        List.of(text("one"), text(""), text("two €"))),
                new Stream(
                        "frame",
                        new Framing(new FrameProtocol()),
                        new byte[] {0, 0, 0, 5, 'x', 0, 0, 0, 4, 0, 0, 0, 7, 'a', 'b', 'c', 0, 0},
                        List.of(bytes("x"), bytes(""), bytes("abc"))),
                new Stream(
                        "delimiter",
                        new Framing(Protocols.delimiter("\r\n\r\n")),
                        "one\r\n\r\n\r\n\r\ntwo\r\n\r\r\n\r\nthree\r\n\r".getBytes(UTF_8),
                        List.of(bytes("one"), bytes(""), bytes("two\r\n\r"))),
                new Stream(
                        "length",
                        new Framing(Protocols.length(2)),
                        new byte[] {0, 1, 'x', 0, 0, 0, 3, 'a', 'b', 'c', 0, 2, 'y'},
                        List.of(bytes("x"), bytes(""), bytes("abc"))),
                new Stream(
                        "websocket",
                        WEB_SOCKET,
                        join(
                                request("Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits"),
                                fromClient(TEXT, "h€llo"),
                                fromClient(BINARY, ""),
                                frame(TEXT, "€".getBytes(UTF_8), true),
                                fromClient(PING, "!"),
                                frame(FINAL | CONTINUATION, "$".getBytes(UTF_8), true),
                                frame(FINAL | COMPRESSED | TEXT, deflated("small".getBytes(UTF_8)), true),
                                frame(FINAL | BINARY, new byte[130], true),
                                new byte[] {(byte) 0x81}),
                        List.of(text("h€llo"), bytes(""), text("€$"), text("small"), Data.of(new byte[130]))));
    }

    private static Data text(String text) {
        return Data.received(Data.Kind.TEXT, text.getBytes(UTF_8), Codec.json());
    }

    private static Data bytes(String text) {
        return Data.of(text.getBytes(UTF_8));
    }

    @AfterEach
    void close() {
        fixture.close();
    }

    @ParameterizedTest
    @MethodSource("streams")
    void splitInTwo_givesTheSameMessages(Stream stream) {
        var events = new RecordedEvents();
        int port = fixture.listen(stream.protocol, events).port();
        for (int split = 1; split < stream.bytes.length; split++) {
            try (var client = new RawClient(port)) {
                client.send(Arrays.copyOf(stream.bytes, split));
                fixture.turn();
                client.send(Arrays.copyOfRange(stream.bytes, split, stream.bytes.length));

                assertMessages(stream, events, "split at " + split);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("streams")
    void byteByByte_givesTheSameMessages(Stream stream) {
        var events = new RecordedEvents();
        try (var client = new RawClient(fixture.listen(stream.protocol, events).port())) {
            for (byte next : stream.bytes) {
                client.send(new byte[] {next});
                fixture.turn();
            }
            assertMessages(stream, events, "byte by byte");
        }
    }

    @ParameterizedTest
    @MethodSource("streams")
    void allAtOnceAndPausedAfterEach_givesTheSameMessages(Stream stream) {
        var events = new RecordedEvents().onReceived((socket, _) -> socket.pauseReading());
        try (var client = new RawClient(fixture.listen(stream.protocol, events).port())) {
            client.send(stream.bytes);
            for (Data message : stream.messages) {
                assertThat(stream.protocol.decode(events.nextReceived())).isEqualTo(message);
                fixture.turn();
                assertThat(events.received).isEmpty();
                events.sockets.getFirst().resumeReading();
            }
        }
    }

    @Test
    void splitWhereverTheReadsFall_keepsOrder() {
        int count = 50_000;
        var events = new RecordedEvents();
        try (var client =
                new RawClient(fixture.listen(new TextProtocol(), events).port())) {
            client.send(IntStream.range(0, count).mapToObj(i -> i + "\n").collect(joining()));

            for (int i = 0; i < count; i++) {
                assertThat(events.nextReceived().text()).isEqualTo(i + "\n");
            }
        }
    }

    private static void assertMessages(Stream stream, RecordedEvents events, String how) {
        for (Data message : stream.messages) {
            assertThat(stream.protocol.decode(events.nextReceived())).as(how).isEqualTo(message);
        }
        assertThat(events.received).as(how).isEmpty();
    }
}
