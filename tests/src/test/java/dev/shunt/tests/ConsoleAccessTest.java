package dev.shunt.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.shunt.control.ConsoleSettings;
import dev.shunt.server.Server;
import dev.shunt.testing.Gate;
import dev.shunt.testing.Program;
import dev.shunt.testing.Programs;
import dev.shunt.tests.programs.Ailing;
import dev.shunt.tests.programs.Watched;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Who may ask the console for what, by requests as a browser or another program would send them. */
@Tag("processes")
class ConsoleAccessTest {

    private static final List<String> ACTIONS = List.of(
            "dead/rerun",
            "dead/discard",
            "tasks/1/cancel",
            "tasks/1/edit",
            "groups/task/pause",
            "groups/task/resume",
            "groups/task/drain",
            "types/x/pause",
            "schedules/nightly/run",
            "reload",
            "children/1/reload",
            "jobs/1/stop",
            "stop");

    @RegisterExtension
    static final Programs programs = new Programs();

    private static int open;
    private static int guarded;

    @BeforeAll
    static void start(@TempDir Path directory) throws IOException {
        var password = Files.writeString(directory.resolve("password"), "correct horse\n");
        open = start(directory.resolve("open"), "--read-only", "false");
        guarded = start(directory.resolve("guarded"), "--read-only", "true", "--password-file", password.toString());
    }

    private static int start(Path runDirectory, String... more) {
        var arguments = new java.util.ArrayList<Object>(List.of("--run-dir", runDirectory));
        arguments.addAll(List.of(more));
        Program program = programs.start(Watched.class, arguments.toArray());
        program.port();
        return Integer.parseInt(ConsoleTest.consoleUrl(runDirectory).replaceAll(".*:(\\d+)/", "$1"));
    }

    private static String ask(int port, String firstLine, String... headers) throws IOException {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            var host = List.of(headers).stream().anyMatch(header -> header.startsWith("Host:"))
                    ? ""
                    : "Host: 127.0.0.1:" + port + "\r\n";
            var request = firstLine + " HTTP/1.1\r\n" + host + "Connection: close\r\nContent-Length: 0\r\n"
                    + String.join(
                            "",
                            List.of(headers).stream()
                                    .map(header -> header + "\r\n")
                                    .toList()) + "\r\n";
            socket.getOutputStream().write(request.getBytes(StandardCharsets.UTF_8));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static int status(String answer) {
        return Integer.parseInt(answer.split(" ", 3)[1]);
    }

    private static String basic(String credentials) {
        return "Authorization: Basic "
                + Base64.getEncoder().encodeToString(credentials.getBytes(StandardCharsets.UTF_8));
    }

    @ParameterizedTest
    @CsvSource({
        "/, text/html",
        "/console.js, text/javascript",
        "/console.css, text/css",
        "/icon.svg, image/svg+xml",
        "/uplot.js, text/javascript",
        "/uplot.LICENSE, text/plain",
        "/api/v1/status, application/json",
        "/api/v1/access, application/json",
        "/health/live, application/json",
        "/nothing, application/json"
    })
    void everyAnswer_hasItsType_andThePolicy(String path, String type) throws IOException {
        var answer = ask(open, "GET " + path);
        assertThat(answer)
                .contains("Content-Type: " + type)
                .contains("Content-Security-Policy: default-src 'none'; script-src 'self';")
                .contains("X-Content-Type-Options: nosniff")
                .contains("Cache-Control: no-store");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Sec-Fetch-Site: cross-site",
                "Sec-Fetch-Site: same-site",
                "Origin: http://evil.example",
                "Origin: null",
            })
    void anotherSitesPage_isRefused(String header) throws IOException {
        assertThat(status(ask(open, "POST /api/v1/reload", header))).isEqualTo(403);
        assertThat(status(ask(open, "GET /api/v1/status", header))).isEqualTo(403);
    }

    @Test
    void anotherNamesHost_isMisdirected() throws IOException {
        assertThat(status(ask(open, "GET /api/v1/status", "Host: evil.example")))
                .isEqualTo(421);
        assertThat(status(ask(open, "GET /", "Host: evil.example:" + open))).isEqualTo(421);
        assertThat(status(ask(open, "GET /", "Host: localhost:" + open))).isEqualTo(200);
    }

    @Test
    void itsOwnPage_andWhatIsNoBrowser_areAnswered() throws IOException {
        String own = "http://127.0.0.1:" + open;
        assertThat(status(ask(open, "POST /api/v1/groups/task/resume", "Origin: " + own)))
                .isEqualTo(200);
        assertThat(status(ask(open, "POST /api/v1/groups/task/resume", "Sec-Fetch-Site: same-origin")))
                .isEqualTo(200);
        assertThat(status(ask(open, "POST /api/v1/groups/task/resume"))).isEqualTo(200);
    }

    @Test
    void actions_byGet_areNone() throws IOException {
        for (String action : ACTIONS) {
            assertThat(status(ask(open, "GET /api/v1/" + action))).as(action).isEqualTo(405);
        }
    }

    @Test
    void readOnly_refusesEachAction_onTheServer() throws IOException {
        for (String action : ACTIONS) {
            assertThat(status(ask(guarded, "POST /api/v1/" + action, basic("ops:correct horse"))))
                    .as(action)
                    .isEqualTo(403);
        }
        assertThat(ask(guarded, "GET /api/v1/access", basic("ops:correct horse")))
                .contains("\"read_only\":true");
    }

    @Test
    void nothing_isSeenWithoutCredentials() throws IOException {
        for (String path : List.of("/", "/console.js", "/api/v1/status", "/api/v1/events", "/health/live")) {
            var answer = ask(guarded, "GET " + path);
            assertThat(status(answer)).as(path).isEqualTo(401);
            assertThat(answer).contains("WWW-Authenticate: Basic realm=\"Shunt\"");
        }
    }

    @Test
    void wrongNameAndWrongPassword_areToldAlike() throws IOException {
        assertThat(body(ask(guarded, "GET /", basic("nobody:correct horse"))))
                .isEqualTo(body(ask(guarded, "GET /", basic("ops:wrong"))))
                .isEqualTo(body(ask(guarded, "GET /", "Authorization: Bearer x")));
    }

    private static String body(String answer) {
        return answer.substring(answer.indexOf("\r\n\r\n"));
    }

    @Test
    void consoleThatCannotBe_endsTheStart_whateverChildrenDo(@TempDir Path directory) throws IOException {
        var password = Files.writeString(directory.resolve("password"), "correct horse\n");
        var missing = directory.resolve("none");
        try (var children = new Gate();
                var tasks = new Gate();
                var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            for (var wrong : List.of(List.of(0, missing), List.of(taken.getLocalPort(), password))) {
                var program = programs.start(
                        Ailing.class, directory, children.port(), tasks.port(), wrong.getFirst(), wrong.getLast());
                assertThat(program.exitCode()).isEqualTo(1);
                assertThat(program.errors())
                        .anyMatch(line -> line.contains("the console on 127.0.0.1:" + wrong.getFirst())
                                && line.contains("cannot be opened"));
            }
        }
    }

    @Test
    void consoleThatOthersReach_needsCredentials() {
        assertThatThrownBy(() -> new Server("127.0.0.1", 0).set(settings -> settings.console("0.0.0.0", 0)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("0.0.0.0")
                .hasMessageContaining("credentials");
        assertThat(new ConsoleSettings("0.0.0.0", 0)
                        .credentials("ops", Path.of("/none"))
                        .checked())
                .isNotNull();
    }
}
