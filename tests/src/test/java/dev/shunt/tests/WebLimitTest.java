package dev.shunt.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.shunt.server.Server;
import dev.shunt.testing.Program;
import dev.shunt.testing.Programs;
import dev.shunt.tests.programs.Web;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/** Handlers of requests have a second, on slots of the manager and of children. */
@Tag("processes")
@ParameterizedClass
@ValueSource(strings = {"in_process", "children"})
class WebLimitTest {

    @RegisterExtension
    static final Programs programs = new Programs();

    @SuppressWarnings("NullAway.Init") // before each run of the suite
    private static Program program;

    private final String placement;

    WebLimitTest(String placement) {
        this.placement = placement;
    }

    @BeforeParameterizedClassInvocation
    static void start(String placement) {
        program = programs.start(
                Web.class, "--face", "server", "--placement", placement, "--count", 2, "--limit-millis", 1_000);
        program.port();
    }

    @Test
    void handlerThatTakesTooLong_isInterrupted_andItsClientGets504() {
        try (var client = new WebClient(program);
                var other = new WebClient(program)) {
            assertThat(client.get("/wait").status()).isEqualTo(504);
            assertThat(client.rest()).isEmpty();
            assertThat(other.get("/hello").text()).isEqualTo("Hello World");
        }
        program.awaitLine("took too long");
    }

    /** In a child it is replaced; in the manager it keeps its slot, and its client hears all the same. */
    @Test
    void handlerThatGoesOn_isNotWaitedFor() {
        try (var client = new WebClient(program);
                var other = new WebClient(program)) {
            client.sendGet("/go-on");
            int status = client.answer().status();
            assertThat(status).isBetween(500, 599);
            program.awaitLine("interrupted, and goes on");
            assertThat(other.get("/hello").text()).isEqualTo("Hello World");
        }
        if (placement.equals("children")) {
            program.awaitLine(
                    "does not end when it is interrupted; it is killed|had not ended 1000 ms after it was told to");
        }
    }

    @Test
    void limitOnAnEventLoop_isRefusedAtTheStart() {
        var server = new Server("127.0.0.1", 0);
        server.set(settings -> settings.maxRequestExecutionTime(Duration.ofSeconds(1)));
        server.onRequest((_, response) -> response.end("never"));
        assertThatThrownBy(server::start)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("placement(IN_PROCESS)");
    }
}
