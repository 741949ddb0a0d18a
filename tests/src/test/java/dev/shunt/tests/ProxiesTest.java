package dev.shunt.tests;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.shunt.testing.Launch;
import dev.shunt.testing.Program;
import dev.shunt.testing.Programs;
import dev.shunt.testing.WebSocketClient;
import dev.shunt.tests.programs.Doors;
import dev.shunt.tests.programs.Wire;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.WebSocketHandshakeException;
import java.nio.file.Path;
import java.util.concurrent.CompletionException;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Behind a real nginx and a real HAProxy: the example {@code http-tasks}, and what believes the PROXY protocol. */
@Tag("processes")
class ProxiesTest {

    /** Of the ports of {@code Doors}. */
    private static final int DOORS_PROXIED = 3;

    @RegisterExtension
    static final Programs programs = new Programs();

    @TempDir
    static Path directory;

    private static int nginxPort;

    @SuppressWarnings("NullAway.Init") // before all tests
    private static Program program;

    @SuppressWarnings("NullAway.Init")
    private static Installed nginx;

    @BeforeAll
    static void start() throws IOException {
        program = programs.start(
                Launch.of("HttpTasks", "--port", 0, "--placement", "children", "--trusted-proxy", "127.0.0.1"));
        int port = program.port();
        nginxPort = Ports.free();
        nginx = Installed.nginx(directory, """
                map $http_upgrade $connection_upgrade { default upgrade; '' ''; }
                upstream app { server 127.0.0.1:%d; keepalive 4; }
                server {
                    listen 127.0.0.1:%d;
                    client_max_body_size 1g;
                    location / {
                        proxy_pass http://app;
                        proxy_http_version 1.1;
                        proxy_set_header Host $http_host;
                        proxy_set_header Upgrade $http_upgrade;
                        proxy_set_header Connection $connection_upgrade;
                        proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
                    }
                    location /progress {
                        proxy_pass http://app;
                        proxy_http_version 1.1;
                        proxy_set_header Connection '';
                        proxy_buffering off;
                    }
                }
                """.formatted(port, nginxPort), nginxPort);
    }

    @AfterAll
    static void stop() throws IOException {
        assertThat(nginx.output()).doesNotContain("[error]", "[crit]", "[alert]");
        nginx.close();
        assertThat(program.lines()).noneMatch(line -> line.contains(" ERROR ") || line.contains(" WARN "));
    }

    @Test
    void nginx_asksOnKeptConnections() {
        try (var client = new WebClient(nginxPort)) {
            for (int i = 0; i < 50; i++) {
                assertThat(client.get("/hello").text()).isEqualTo("Hello World");
                assertThat(client.post("/mail", "{\"to\":\"you" + i + "\",\"contents\":\"hello\"}")
                                .text())
                        .contains("\"to\":\"you" + i + "\"");
            }
            assertThat(client.get("/file?bytes=1000000").bytes()).hasSize(1_000_000);
            var part = client.get("/file?bytes=25", "Range: bytes=8-12");
            assertThat(part.status()).isEqualTo(206);
            assertThat(part.text()).isEqualTo("89012");
        }
    }

    @Test
    void nginx_saysWhoTheClientIs() {
        try (var client = new WebClient(nginxPort)) {
            assertThat(client.get("/whoami", "X-Forwarded-For: 203.0.113.7").text())
                    .contains("\"ip\":\"203.0.113.7\"", "\"x-forwarded-for\":\"203.0.113.7, 127.0.0.1\"");
        }
    }

    @Test
    void nginx_passesWebSocketsOn() {
        try (var one = new WebSocketClient(nginxPort, "/chat/red?token=secret");
                var two = new WebSocketClient(nginxPort, "/chat/red?token=secret");
                var client = new WebClient(nginxPort)) {
            await().until(() -> client.post("/chat/red", "to all").text().equals("{\"sent\":2}"));
            assertThat(one.read()).isEqualTo("to all");
            one.send("hello");
            assertThat(behind("to all", one)).isEqualTo("hello");
            assertThat(behind("to all", two)).isEqualTo("hello");
            one.sendClose(1000, "bye");
            assertThat(one.closeCode()).isEqualTo(1000);
        }
        assertThatThrownBy(() -> new WebSocketClient(nginxPort, "/chat/red?token=wrong"))
                .isInstanceOf(CompletionException.class)
                .hasCauseInstanceOf(WebSocketHandshakeException.class);
    }

    /** The room may have got some before both were in it. */
    private static String behind(String some, WebSocketClient client) {
        return Stream.generate(client::read).dropWhile(some::equals).findFirst().orElseThrow();
    }

    /** A thousand steps take minutes: what is read here was sent before the end. */
    @Test
    void nginx_passesEventsOnAsTheyCome() {
        try (var client = new WebClient(nginxPort)) {
            client.sendGet("/progress?steps=1000");
            assertThat(line(client)).startsWith("HTTP/1.1 200 ");
            for (int step = 1; step <= 3; step++) {
                String wanted = "data: " + step;
                for (String line = line(client); !line.equals(wanted); line = line(client)) {
                    assertThat(line).doesNotContain("done");
                }
            }
        }
    }

    /** Those of events end with a line feed alone. */
    private static String line(WebClient client) {
        var line = new StringBuilder();
        for (int next = client.raw().read(); next != '\n'; next = client.raw().read()) {
            assertThat(next).isNotNegative();
            line.append((char) next);
        }
        return line.toString().strip();
    }

    @Test
    void nginx_passesALargeUploadOn() {
        String large = "0123456789abcdef".repeat(2 << 20);
        String form = "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"large\"\r\n\r\n" + large
                + "\r\n--b--\r\n";
        try (var client = new WebClient(nginxPort)) {
            assertThat(client.post("/upload", form, "Content-Type: multipart/form-data; boundary=b")
                            .text())
                    .startsWith("{\"name\":\"large\",\"size\":" + large.length());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"send-proxy", "send-proxy-v2"})
    void haproxy_saysWhoTheClientIs(String header, @TempDir Path files) throws IOException {
        Program web = programs.start(Wire.class, "--proxied", true, "--placement", "children");
        Program lines = programs.start(
                Doors.class,
                "--face",
                "server",
                "--tls",
                TlsFiles.directory(),
                "--socket",
                files.resolve("doors.sock"));
        int webPort = Ports.free();
        int linesPort = Ports.free();
        try (var haproxy = Installed.haproxy(
                files,
                """
                defaults
                    timeout connect 10s
                    timeout client 60s
                    timeout server 60s
                listen web
                    mode http
                    bind 127.0.0.1:%d
                    server one 127.0.0.1:%d %s
                listen lines
                    mode tcp
                    bind 127.0.0.1:%d
                    server one 127.0.0.1:%d %s
                """.formatted(webPort, web.port(), header, linesPort, lines.port(DOORS_PROXIED), header),
                webPort)) {
            assertThat(asked("127.0.0.2", webPort, "GET /ip HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"))
                    .startsWith("HTTP/1.1 200 ")
                    .endsWith("\r\n\r\n127.0.0.2");
            assertThat(asked("127.0.0.3", linesPort, "who\n")).matches("127\\.0\\.0\\.3:[0-9]+ nobody\n");
            try (var client = new WebSocketClient(webPort)) {
                assertThat(client.ask("hello")).isEqualTo("hello");
            }
            assertThat(haproxy.output()).doesNotContain("ALERT");
        }
        try (var client = new WebClient(web)) {
            client.sendGet("/ip");
            assertThat(client.rest()).isEmpty(); // no header, no word
        }
    }

    private static String asked(String from, int port, String request) throws IOException {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), port, InetAddress.getByName(from), 0)) {
            socket.setSoTimeout((int) Program.PATIENCE.toMillis());
            socket.getOutputStream().write(request.getBytes(ISO_8859_1));
            if (request.endsWith("who\n")) {
                socket.shutdownOutput();
            }
            return new String(socket.getInputStream().readAllBytes(), UTF_8);
        }
    }
}
