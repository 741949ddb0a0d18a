package dev.shunt.tests.fleet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.shunt.postgres.LocalPostgres;
import dev.shunt.testing.Launch;
import dev.shunt.testing.Program;
import dev.shunt.testing.Programs;
import dev.shunt.testing.Signals;
import dev.shunt.testing.WebSocketClient;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** {@code chat --bus} on three nodes: rooms span them, whichever is killed or stopped, and whatever the database does. */
@Tag("processes")
class ChatOfNodesTest {

    @RegisterExtension
    static final Programs programs = new Programs();

    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private static LocalPostgres postgres;
    private static Program a;
    private static Program b;

    @TempDir
    private static Path directory;

    @BeforeAll
    static void start() throws IOException {
        Awaitility.setDefaultTimeout(Program.PATIENCE);
        postgres = LocalPostgres.start();
        a = node("a", "event-loop");
        b = node("b", "children");
        a.port();
        b.port();
    }

    @AfterAll
    static void end() throws IOException {
        postgres.close();
    }

    private static Program node(String name, String placement) {
        return programs.start(Launch.of(
                "Chat",
                "--port",
                0,
                "--bus",
                postgres.url(),
                "--node",
                name,
                "--placement",
                placement,
                "--data",
                directory.resolve(name)));
    }

    private static WebSocketClient enter(Program node, String name, String room) {
        var client = new WebSocketClient(node.port(), "/ws?name=" + name + "&room=" + room);
        assertThat(client.read()).startsWith("{\"joined\":\"" + room + "\"");
        return client;
    }

    private static String post(Program node, String target, String body) throws IOException, InterruptedException {
        return http(HttpRequest.newBuilder(uri(node, target)).POST(BodyPublishers.ofString(body)));
    }

    private static String stats(Program node) {
        try {
            return http(HttpRequest.newBuilder(uri(node, "/stats")));
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String http(HttpRequest.Builder request) throws IOException, InterruptedException {
        return HTTP.send(request.build(), BodyHandlers.ofString()).body();
    }

    private static URI uri(Program node, String target) {
        return URI.create("http://127.0.0.1:" + node.port() + target);
    }

    private static long count(Program node, String what) {
        return Long.parseLong(stats(node).replaceAll(".*\"" + what + "\":(\\d+).*", "$1"));
    }

    /** Until it comes: what is said while the bus is away is lost. */
    private static void hears(WebSocketClient client, Program from, String room) {
        await().pollInterval(Duration.ofMillis(100)).until(() -> {
            assertThat(post(from, "/rooms/" + room, "are you there?")).contains("sent");
            return client.read().equals("are you there?"); // which waits
        });
    }

    @Test
    void roomsUsersAndPushes_spanNodes() throws Exception {
        try (var ann = enter(a, "ann", "r1");
                var bob = enter(b, "bob", "r1");
                var eve = enter(b, "eve", "r2")) {
            ann.send("{\"say\":\"grüße\"}");
            String said = "{\"room\":\"r1\",\"from\":\"ann\",\"say\":\"grüße\"}";
            assertThat(ann.read()).isEqualTo(said);
            assertThat(bob.read()).isEqualTo(said);
            bob.send("{\"say\":\"" + "x".repeat(20_000) + "\"}");
            assertThat(ann.read()).hasSizeGreaterThan(20_000);
            assertThat(bob.read()).hasSizeGreaterThan(20_000);
            eve.send("{\"to\":\"ann\",\"say\":\"psst\"}");
            assertThat(ann.read()).isEqualTo("{\"room\":null,\"from\":\"eve\",\"say\":\"psst\"}");
            assertThat(post(b, "/rooms/r1", "news")).isEqualTo("{\"sent\":1}");
            assertThat(post(a, "/users/eve", "you")).isEqualTo("{\"sent\":0}");
            assertThat(post(a, "/all", "all")).isEqualTo("{\"sent\":1}");
            assertThat(ann.read()).isEqualTo("news");
            assertThat(ann.read()).isEqualTo("all");
            assertThat(bob.read()).isEqualTo("news");
            assertThat(bob.read()).isEqualTo("all");
            assertThat(eve.read()).isEqualTo("you");
            assertThat(eve.read()).isEqualTo("all");
        }
    }

    @Test
    void killedNode_theOthersGoOn_andAStoppedOneHearsTheRest() throws Exception {
        var third = node("third", "slots");
        third.port();
        await().until(() -> count(a, "nodes") == 3);
        try (var ann = enter(a, "ann", "r3");
                var bob = enter(b, "bob", "r3")) {
            third.kill();
            assertThat(post(a, "/rooms/r3", "one")).isEqualTo("{\"sent\":1}");
            assertThat(ann.read()).isEqualTo("one");
            assertThat(bob.read()).isEqualTo("one");
            Signals.send("STOP", b.pid());
            try {
                for (int i = 0; i < 100; i++) {
                    assertThat(post(a, "/rooms/r3", "while b stands " + i)).isEqualTo("{\"sent\":1}");
                    assertThat(ann.read()).isEqualTo("while b stands " + i);
                }
            } finally {
                Signals.send("CONT", b.pid());
            }
            for (int i = 0; i < 100; i++) {
                assertThat(bob.read()).isEqualTo("while b stands " + i);
            }
            await().until(() -> count(a, "nodes") == 2);
        }
    }

    @Test
    void databaseKilled_ownConnectionsGoOn_andWhatIsMissedIsCounted() throws Exception {
        try (var ann = enter(a, "ann", "r4");
                var bob = enter(b, "bob", "r4");
                var own = enter(a, "own", "r5")) {
            hears(bob, a, "r4");
            postgres.kill();
            await().until(() -> stats(a).contains("\"reachable\":false"));
            await().until(() -> stats(b).contains("\"reachable\":false"));
            long gaps = count(b, "gaps");
            for (int i = 0; i < 10; i++) {
                assertThat(post(a, "/rooms/r5", "here " + i)).isEqualTo("{\"sent\":1}");
                assertThat(own.read()).isEqualTo("here " + i);
            }
            assertThat(count(a, "dropped")).isGreaterThanOrEqualTo(10);
            postgres.begin();
            await().until(() -> stats(a).contains("\"reachable\":true"));
            await().until(() -> stats(b).contains("\"reachable\":true"));
            assertThat(post(a, "/rooms/r4", "again")).isEqualTo("{\"sent\":1}");
            assertThat(bob.read()).isEqualTo("again");
            assertThat(count(b, "gaps") - gaps).isGreaterThanOrEqualTo(10);
            assertThat(ann.read()).isEqualTo("are you there?");
            assertThat(a.lines().stream().filter(line -> line.contains("is not reached")))
                    .hasSizeLessThanOrEqualTo(1);
        }
    }
}
