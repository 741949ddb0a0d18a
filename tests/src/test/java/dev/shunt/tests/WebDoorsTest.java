package dev.shunt.tests;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.shunt.http.HttpProtocol;
import dev.shunt.net.Tls;
import dev.shunt.protocol.TextProtocol;
import dev.shunt.server.Server;
import dev.shunt.testing.LineClient;
import dev.shunt.testing.Program;
import dev.shunt.testing.Programs;
import dev.shunt.testing.RawClient;
import dev.shunt.testkit.ManualEngine;
import dev.shunt.tests.programs.WebDoors;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** HTTP encrypted, on a Unix socket, and on some of a server's ports. */
@Tag("processes")
@ParameterizedClass
@EnumSource
class WebDoorsTest {

    /** Which face, and where its handlers run. */
    enum Where {
        SERVER_EVENT_LOOP("--face server --placement event_loop"),
        SERVER_CHILDREN("--face server --placement children"),
        WORKER_CHILDREN("--face worker --placement children");

        private final String arguments;

        Where(String arguments) {
            this.arguments = arguments;
        }

        boolean isServer() {
            return arguments.contains("server");
        }
    }

    @RegisterExtension
    static final Programs programs = new Programs();

    @TempDir
    static Path directory;

    @SuppressWarnings("NullAway.Init") // before each run of the suite
    private static Program program;

    @SuppressWarnings("NullAway.Init")
    private static Path socket;

    private final Where where;

    WebDoorsTest(Where where) {
        this.where = where;
    }

    @BeforeParameterizedClassInvocation
    static void start(Where where) {
        socket = directory.resolve(where + ".sock");
        String arguments = where.arguments + " --socket " + socket + " --tls " + TlsFiles.directory();
        program = programs.start(WebDoors.class, (Object[]) arguments.split(" ", -1));
        program.port(where.isServer() ? 5 : 1);
    }

    private static HttpClient https() throws Exception {
        return HttpClient.newBuilder()
                .sslContext(TlsFiles.context(null))
                .connectTimeout(Program.PATIENCE)
                .build();
    }

    private static URI secure(String scheme, String path) {
        return URI.create(scheme + "://localhost:" + program.port(1) + path);
    }

    private static HttpResponse<String> get(HttpClient client, String path) throws Exception {
        return client.send(HttpRequest.newBuilder(secure("https", path)).build(), BodyHandlers.ofString());
    }

    @Test
    void encrypted_requestsOfAnySize_andFiles_areAnswered() throws Exception {
        String large = "è un corpo ".repeat(50_000);
        Path file = Files.writeString(directory.resolve("answer-" + where + ".txt"), large);
        try (var client = https()) {
            assertThat(get(client, "/").body()).isEqualTo("request of '127.0.0.1'");
            assertThat(client.send(
                                    HttpRequest.newBuilder(secure("https", "/echo"))
                                            .POST(BodyPublishers.ofString(large))
                                            .build(),
                                    BodyHandlers.ofString())
                            .body())
                    .isEqualTo(large);
            assertThat(get(client, "/file?name=" + file).body()).isEqualTo(large);
        }
    }

    @Test
    void encrypted_webSocketOnTheSamePort() throws Exception {
        BlockingQueue<String> heard = new LinkedBlockingQueue<>();
        try (var client = https()) {
            var webSocket = client.newWebSocketBuilder()
                    .buildAsync(secure("wss", "/chat"), new WebSocket.Listener() {
                        @Override
                        public @Nullable CompletionStage<?> onText(WebSocket from, CharSequence text, boolean last) {
                            heard.add(text.toString());
                            from.request(1);
                            return null;
                        }
                    })
                    .get(60, TimeUnit.SECONDS);
            assertThat(heard.poll(60, TimeUnit.SECONDS)).isEqualTo("open");
            webSocket.sendText("hello", true).get(60, TimeUnit.SECONDS);
            assertThat(heard.poll(60, TimeUnit.SECONDS)).isEqualTo("heard hello");
            webSocket.abort();
        }
    }

    @Test
    void unixSocket_requestsComeFromNoAddress() {
        try (var client = StreamClient.unix(socket)) {
            client.send("GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
            assertThat(client.awaitClose()).startsWith("HTTP/1.1 200 ").endsWith("\r\n\r\nrequest of ''");
        }
    }

    @Test
    void unixSocket_proxyThere_saysWhoTheClientIs() {
        try (var client = StreamClient.unix(socket)) {
            client.send("GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n")
                    .send("X-Forwarded-For: 203.0.113.9, 10.0.0.1\r\n\r\n");
            assertThat(client.awaitClose()).startsWith("HTTP/1.1 200 ").endsWith("request of '203.0.113.9'");
        }
    }

    @Test
    void otherPorts_speakWhatTheyHaveCallbacksFor() throws IOException {
        if (!where.isServer()) {
            return;
        }
        try (var own = new WebClient(program.port(0));
                var another = new WebClient(program.port(2));
                var lines = new LineClient(program.port(3));
                var bytes = new RawClient(program.port(4))) {
            assertThat(own.get("/").text()).isEqualTo("request of '127.0.0.1'");
            assertThat(another.get("/").text()).isEqualTo("another");
            assertThat(lines.ask("one")).isEqualTo("line one");
            assertThat(bytes.send("two".getBytes(UTF_8)).read(9)).isEqualTo("bytes two".getBytes(UTF_8));
        }
        try (var packets = new DatagramSocket()) {
            packets.setSoTimeout(Math.toIntExact(Program.PATIENCE.toMillis()));
            byte[] three = "three".getBytes(UTF_8);
            packets.send(new DatagramPacket(three, three.length, InetAddress.getLoopbackAddress(), program.port(5)));
            var answer = new DatagramPacket(new byte[100], 100);
            packets.receive(answer);
            assertThat(new String(answer.getData(), 0, answer.getLength(), UTF_8))
                    .isEqualTo("packet three");
        }
    }

    @Test
    void callbacksForRequests_whereNoHttpIsSpoken_areRefused() {
        var server = new Server("127.0.0.1", 0).set(settings -> settings.protocol(new TextProtocol()));
        server.onReceive((_, _) -> {}).onRequest((_, response) -> response.end());
        assertThatThrownBy(() -> ManualEngine.of(server))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("no HTTP is spoken");
        var lines = new Server("127.0.0.1", 0).onRequest((_, response) -> response.end());
        lines.listen("127.0.0.1", 0)
                .set(settings -> settings.protocol(new TextProtocol()))
                .onReceive((_, _) -> {})
                .onRequest((_, response) -> response.end());
        assertThatThrownBy(() -> ManualEngine.of(lines))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("no HTTP is spoken");
    }

    @Test
    void portOfHttp_withoutCallbackForRequests_isRefused() {
        var server = new Server("127.0.0.1", 0).onReceive((_, _) -> {});
        server.listen("127.0.0.1", 0).set(settings -> settings.protocol(HttpProtocol.DEFAULT));
        assertThatThrownBy(() -> ManualEngine.of(server))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("onRequest is missing for tcp://127.0.0.1:0");
        var unready = new Server("127.0.0.1", 0).onRequest((_, response) -> response.end());
        unready.set(settings -> settings.ssl(Tls.server(TlsFiles.file("server.pem"), TlsFiles.file("server.key")))
                .heartbeatPing(Duration.ofSeconds(1), "ping"));
        assertThatThrownBy(() -> ManualEngine.of(unready))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("heartbeat ping");
    }
}
