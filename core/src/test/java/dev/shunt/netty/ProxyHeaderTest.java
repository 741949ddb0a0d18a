package dev.shunt.netty;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.shunt.net.ApplicationProtocol.Framing;
import dev.shunt.net.Endpoint;
import dev.shunt.net.Limits;
import dev.shunt.net.ListenOptions;
import dev.shunt.protocol.TextProtocol;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whose header is believed, and that it comes in any number of pieces, or not at all. */
class ProxyHeaderTest {

    private static final byte[] FIRST = "PROXY TCP6 2001:db8::7 ::1 5555 80\r\nhello\n".getBytes(UTF_8);
    private static final byte[] SECOND = HexFormat.of()
            .parseHex("0d0a0d0a000d0a515549540a" + "2111000c" + "cb007109" + "c0000201" + "15b3" + "0050" + "68690a");

    private final NetworkFixture fixture = new NetworkFixture();
    private final RecordedEvents events = RecordedEvents.echoing();

    @AfterEach
    void close() {
        fixture.close();
    }

    private int listen(String trusted, Duration patience) throws IOException {
        var listening = fixture.network.bind(
                Endpoint.parse("test://127.0.0.1:0"),
                new Framing(new TextProtocol()),
                new Limits(64 << 10, 64 << 10, 8, patience, Duration.ofSeconds(2)),
                ListenOptions.DEFAULT.withProxies(trusted),
                events);
        listening.accept();
        return listening.port();
    }

    private int listen(String trusted) throws IOException {
        return listen(trusted, Duration.ofSeconds(10));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void header_inAnyNumberOfPieces(boolean first) throws IOException {
        byte[] all = first ? FIRST : SECOND;
        int port = listen("127.0.0.1");
        for (int split = 1; split < all.length; split++) {
            try (var client = new RawClient(port)) {
                client.send(Arrays.copyOf(all, split));
                fixture.turn();
                client.send(Arrays.copyOfRange(all, split, all.length));
                assertThat(events.nextReceived().text()).isEqualTo(first ? "hello\n" : "hi\n");
                assertThat(events.nextOpened().peer().remoteAddress())
                        .isEqualTo(first ? "[2001:db8::7]:5555" : "203.0.113.9:5555");
                assertThat(events.sockets.getLast().peer().localHost()).isEqualTo(first ? "::1" : "192.0.2.1");
            }
        }
    }

    /** The proxy asks whether we live. */
    @Test
    void headerOfTheProxyItself_saysNothing() throws IOException {
        int port = listen("127.0.0.1");
        try (var client = new RawClient(port)) {
            client.send(HexFormat.of().parseHex("0d0a0d0a000d0a515549540a" + "20000000"));
            assertThat(events.nextOpened().peer().remoteHost()).isEqualTo("127.0.0.1");
        }
        try (var client = new RawClient(port)) {
            client.send("PROXY UNKNOWN\r\n");
            assertThat(events.nextOpened().peer().remoteHost()).isEqualTo("127.0.0.1");
        }
    }

    @Test
    void whoIsNotTrusted_isWhoHeIs() throws IOException {
        try (var client = new RawClient(listen("10.0.0.0/8"))) {
            client.send("PROXY TCP4 203.0.113.7 192.0.2.1 5555 80\r\n");
            assertThat(events.nextReceived().text()).startsWith("PROXY TCP4");
            assertThat(events.nextOpened().peer().remoteHost()).isEqualTo("127.0.0.1");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET / HTTP/1.1\r\n\r\n",
                "PROXY TCP4 nowhere 192.0.2.1 5555 80\r\n",
                "PROXY TCP4 203.0.113.7 192.0.2.1 99999 80\r\n",
                "PROXY\r\nPROXY\r\n"
            })
    void whatIsNoHeader_endsIt(String wrong) throws IOException {
        try (var client = new RawClient(listen("127.0.0.1"))) {
            client.send(wrong);
            assertThat(client.readToEnd()).isEmpty();
            assertThat(events.log).isEmpty();
        }
    }

    @Test
    void headerThatDoesNotCome_isNotWaitedForForEver() throws IOException {
        try (var client = new RawClient(listen("127.0.0.1", Duration.ofMillis(200)))) {
            client.send("PROXY TCP4");
            assertThat(client.readToEnd()).isEmpty();
        }
    }
}
