package dev.shunt.tests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shunt.testing.Programs;
import dev.shunt.testing.WebSocketClient;
import dev.shunt.tests.programs.GatewayChat;
import dev.shunt.tests.programs.SwooleRooms;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The programs that the migration pages move do what they did, and stand there as they are. */
@Tag("processes")
class MovedProgramsTest {

    private static final Path SOURCES = Path.of("src/test/java/dev/shunt/tests/programs");

    @RegisterExtension
    static final Programs programs = new Programs();

    @Test
    void fromSwoole() throws IOException, InterruptedException {
        assertThat(page("from-swoole.md")).contains(program("SwooleRooms"));
        var program = programs.start(SwooleRooms.class);
        try (var ann = new WebSocketClient(program.port(), "/?name=ann");
                var bob = new WebSocketClient(program.port(), "/?name=bob")) {
            assertThat(ann.read()).isEqualTo("visit 1");
            assertThat(bob.read()).isEqualTo("visit 1");
            ann.send("hello");
            assertThat(bob.read()).isEqualTo("ann: hello");
        }
        try (var again = new WebSocketClient(program.port(), "/?name=ann")) {
            assertThat(again.read()).isEqualTo("visit 2");
        }
        var asked = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + program.port() + "/?name=ann"))
                .build();
        assertThat(HttpClient.newHttpClient()
                        .send(asked, BodyHandlers.ofString())
                        .body())
                .isEqualTo("2");
    }

    @Test
    void fromGatewayWorker() throws IOException {
        assertThat(page("from-workerman.md")).contains(program("GatewayChat"));
        var program = programs.start(GatewayChat.class);
        try (var ann = new WebSocketClient(program.port());
                var bob = new WebSocketClient(program.port())) {
            assertThat(ann.ask("login ann")).isEqualTo("ann is here");
            assertThat(bob.ask("online ann")).isEqualTo("ann is online");
            assertThat(bob.ask("login bob")).isEqualTo("bob is here");
            assertThat(ann.read()).isEqualTo("bob is here");
            assertThat(bob.ask("say hello")).isEqualTo("bob: hello");
            assertThat(ann.read()).isEqualTo("bob: hello");
            assertThat(ann.send("nonsense").closeCode()).isEqualTo(1000);
        }
    }

    private static String page(String name) throws IOException {
        return Files.readString(Path.of("../docs").resolve(name));
    }

    /** Its main, as a page has it. */
    private static String program(String name) throws IOException {
        String source = Files.readString(SOURCES.resolve(name + ".java"));
        String main = source.substring(source.indexOf("    static void main"), source.lastIndexOf('}'));
        return main.stripTrailing().stripIndent();
    }
}
