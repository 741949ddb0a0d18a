package dev.shunt.netty;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.shunt.data.Data;
import dev.shunt.net.ApplicationProtocol;
import dev.shunt.net.ApplicationProtocol.Framing;
import dev.shunt.net.Endpoint;
import dev.shunt.net.Limits;
import dev.shunt.net.ListenOptions;
import dev.shunt.net.Tls;
import dev.shunt.protocol.RawProtocol;
import dev.shunt.protocol.TextProtocol;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Encrypted sockets are sockets like others; what they need of files is said by its name. */
class TlsTest {

    private static final Limits LIMITS = new Limits(1 << 20, 64 << 10, 8, Duration.ofSeconds(5), Duration.ofSeconds(2))
            .withSendTimeout(Duration.ofMillis(2_500));

    private final NetworkFixture fixture = new NetworkFixture();
    private final RecordedEvents events = new RecordedEvents();

    @TempDir
    Path directory;

    @AfterEach
    void close() {
        fixture.close();
    }

    private static Path file(String name) {
        try {
            return Path.of(
                    Objects.requireNonNull(TlsTest.class.getResource(name)).toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Tls.Server server() {
        return Tls.server(file("server.pem"), file("server.key"));
    }

    private ListeningSocket listen(Tls.Server tls, ApplicationProtocol protocol) throws IOException {
        var listening = fixture.network.bind(
                Endpoint.parse("test://127.0.0.1:0"),
                protocol,
                LIMITS,
                ListenOptions.DEFAULT.withTls(Optional.of(tls)),
                events);
        listening.accept();
        return listening;
    }

    private static SSLContext trusting() throws GeneralSecurityException {
        var context = SSLContext.getInstance("TLS");
        context.init(null, new TrustManager[] {new Anybody()}, null);
        return context;
    }

    private static SSLSocket connected(int port, String... protocols) throws IOException, GeneralSecurityException {
        var socket = (SSLSocket) trusting().getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout(60_000);
        if (protocols.length > 0) {
            socket.setEnabledProtocols(protocols);
        }
        socket.startHandshake();
        return socket;
    }

    private Socket dial(int port, ApplicationProtocol protocol, Tls.Client tls, RecordedEvents heard) {
        return dial("localhost", port, protocol, tls, heard);
    }

    private Socket dial(String host, int port, ApplicationProtocol protocol, Tls.Client tls, RecordedEvents heard) {
        return fixture.network.connect(
                fixture.network.loop(0),
                Endpoint.parse("wss://" + host + ":" + port),
                protocol,
                LIMITS,
                Optional.of(tls),
                heard);
    }

    @Test
    void tls12And13_areSpoken_olderAreNot() throws Exception {
        int port = listen(server(), new Framing(new TextProtocol())).port();
        for (String version : new String[] {"TLSv1.2", "TLSv1.3"}) {
            try (var client = connected(port, version)) {
                assertThat(client.getSession().getProtocol()).isEqualTo(version);
            }
        }
        int only13 = listen(server().protocols("TLSv1.3"), new Framing(new TextProtocol()))
                .port();
        assertThatThrownBy(() -> connected(only13, "TLSv1.2")).isInstanceOf(SSLHandshakeException.class);
    }

    @Test
    void alpn_choosesHttp11_whereHttpIsSpoken() throws Exception {
        int port = listen(server(), NetworkFixture.WEB_SOCKET).port();
        try (var client =
                (SSLSocket) trusting().getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), port)) {
            var parameters = client.getSSLParameters();
            parameters.setApplicationProtocols(new String[] {"h2", "http/1.1"});
            client.setSSLParameters(parameters);
            client.startHandshake();
            assertThat(client.getApplicationProtocol()).isEqualTo("http/1.1");
        }
    }

    @Test
    void webSocket_encryptedOnBothEnds() throws Exception {
        events.onReceived(Socket::send);
        int port = listen(server(), NetworkFixture.WEB_SOCKET).port();
        var heard = new RecordedEvents();
        var socket = dial(port, NetworkFixture.WEB_SOCKET, Tls.client().withoutVerification(), heard);
        socket.send(Data.of("hello"));
        assertThat(heard.nextReceived().text()).isEqualTo("hello");
        socket.close();
        heard.nextClosing();
        events.nextClosing();
    }

    @Test
    void handshakeThatDoesNotCome_isNotWaitedForForEver() throws Exception {
        var hasty = new Limits(1 << 20, 64 << 10, 8, Duration.ofMillis(200), Duration.ofSeconds(2));
        for (var tls : new Tls.Server[] {server(), server().host("other.test", file("other.pem"), file("other.key"))}) {
            var listening = fixture.network.bind(
                    Endpoint.parse("test://127.0.0.1:0"),
                    new Framing(new TextProtocol()),
                    hasty,
                    ListenOptions.DEFAULT.withTls(Optional.of(tls)),
                    events);
            listening.accept();
            try (var silent = new RawClient(listening.port())) {
                silent.readToEnd();
                assertThat(events.log).isEmpty();
            }
        }
    }

    @Test
    void plainRequest_isToldThatThisPortSpeaksTls() throws Exception {
        for (var tls : new Tls.Server[] {server(), server().host("other.test", file("other.pem"), file("other.key"))}) {
            int port = listen(tls, NetworkFixture.WEB_SOCKET).port();
            try (var client = new RawClient(port)) {
                client.send("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(UTF_8));
                assertThat(new String(client.readToEnd(), UTF_8))
                        .startsWith("HTTP/1.1 400 Bad Request\r\n")
                        .contains("Connection: close\r\n")
                        .endsWith("\r\n\r\nthis port speaks TLS: ask for https:// or wss://\n");
            }
        }
        int lines = listen(server(), new Framing(new TextProtocol())).port();
        try (var client = new RawClient(lines)) {
            client.send("hello\n".getBytes(UTF_8));
            assertThat(client.readToEnd()).isEmpty();
        }
        assertThat(events.log).isEmpty();
    }

    @Test
    void prepared_context_isTaken() throws Exception {
        var none = SSLContext.getInstance("TLS");
        none.init(null, null, null); // no certificate: that it is used is seen in that it fails
        int port =
                listen(Tls.server(() -> none), new Framing(new TextProtocol())).port();
        assertThatThrownBy(() -> connected(port)).isInstanceOf(IOException.class);
    }

    @Test
    void everythingSent_isThereBeforeTheEnd() throws Exception {
        int port = listen(server(), new Framing(new RawProtocol())).port();
        try (var client = connected(port)) {
            var socket = events.nextOpened();
            socket.send(Data.of(new byte[60_000]));
            socket.close();
            assertThat(client.getInputStream().readAllBytes()).hasSize(60_000); // a cut end would throw
            events.nextClosing();
        }
    }

    @Test
    void readerThatTakesNothing_isCut_oneThatReadsSlowlyIsNot() throws Exception {
        int port = listen(server(), new Framing(new RawProtocol())).port();
        try (var slow = connected(port)) {
            var socket = events.nextOpened();
            byte[] piece = new byte[240_000];
            var packet = Data.of(new byte[60_000]);
            var unread = new AtomicLong();
            await().during(Duration.ofSeconds(4)).atMost(Duration.ofSeconds(60)).until(() -> {
                do { // the loop may be late, and the first that is refused be the second
                    while (socket.send(packet)) {
                        unread.addAndGet(packet.size());
                    }
                } while (unread.get() < piece.length);
                assertThat(slow.getInputStream().readNBytes(piece, 0, piece.length))
                        .isEqualTo(piece.length);
                unread.addAndGet(-piece.length);
                return events.closings.isEmpty();
            });
            // The system takes megabytes for a reader that takes none.
            await().pollInterval(Duration.ofMillis(5)).until(() -> {
                socket.send(Data.of(new byte[60_000]));
                return !events.closings.isEmpty();
            });
            assertThat(events.nextClosing()).contains("sendTimeout");
        }
    }

    @Test
    void brokenFiles_areNamed() throws IOException {
        var missing = directory.resolve("missing.pem");
        var garbage = Files.writeString(directory.resolve("garbage.pem"), "garbage");
        var old = Files.writeString(
                directory.resolve("old.key"), "-----BEGIN EC PRIVATE KEY-----\nAAAA\n-----END EC PRIVATE KEY-----\n");
        refused(Tls.server(missing, file("server.key")), missing + " does not exist");
        refused(Tls.server(garbage, file("server.key")), garbage.toString());
        refused(Tls.server(file("server.pem"), garbage), garbage + " has no private key");
        refused(Tls.server(file("server.pem"), old), old + " has a key of the form 'BEGIN EC PRIVATE KEY'");
        refused(Tls.server(file("server.pem"), file("other.key")), "other.key is the key of another certificate");
        refused(server().host("other.test", missing, file("other.key")), missing + " does not exist");
        refused(server().requireClientCertificate(missing), missing + " does not exist");
        refused(server().protocols("TLSv9"), "TLSv9");
    }

    private void refused(Tls.Server tls, String why) {
        assertThatThrownBy(() -> listen(tls, new Framing(new TextProtocol())))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("cannot listen on test://127.0.0.1:0: ")
                .hasMessageContaining(why);
    }

    @Test
    void outgoing_withABrokenFile_failsWithItsName() throws IOException {
        int port = listen(server(), new Framing(new TextProtocol())).port();
        var missing = directory.resolve("missing.pem");
        var heard = new RecordedEvents();
        dial(port, new Framing(new TextProtocol()), Tls.client().trust(missing), heard);
        assertThat(heard.nextFailure()).contains("cannot connect to wss://localhost", missing + " does not exist");
    }

    /** {@code ca} has signed all of them but {@code server}. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            expired   | localhost | validity check failed: NotAfter: .* 2020
            elsewhere | localhost | No subject alternative DNS name matching localhost found
            elsewhere | 127.0.0.1 | No subject alternative names matching IP address 127.0.0.1 found
            server    | localhost | Path does not chain with any of the trust anchors
            """)
    void outgoing_toWhoCannotProveItself_isRefused_withTheReason(String name, String host, String reason)
            throws Exception {
        var keys = Tls.server(file(name + ".pem"), file(name + ".key"));
        int port = listen(keys, new Framing(new TextProtocol())).port();
        var heard = new RecordedEvents();
        var socket =
                dial(host, port, new Framing(new TextProtocol()), Tls.client().trust(file("ca.pem")), heard);
        socket.send(Data.of("secret"));
        String address = Pattern.quote("wss://" + host + ":" + port);
        assertThat(heard.nextFailure())
                .matches("cannot connect to " + address + ": the TLS handshake failed: .*" + reason + ".*");
        assertThat(events.log).isEmpty();
    }

    @Test
    void outgoing_toWhoProvesTheNameThatIsAskedFor_isConnected() throws Exception {
        var keys = Tls.server(file("elsewhere.pem"), file("elsewhere.key"));
        int port = listen(keys, new Framing(new TextProtocol())).port();
        var tls = Tls.client().trust(file("ca.pem")).serverName("elsewhere.test");
        var heard = new RecordedEvents();
        dial("localhost", port, new Framing(new TextProtocol()), tls, heard).send(Data.of("hello\n"));
        assertThat(events.nextReceived().text()).isEqualTo("hello\n");
    }

    /** Whoever it is. */
    private static final class Anybody extends X509ExtendedTrustManager {

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, java.net.Socket socket) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, java.net.Socket socket) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
