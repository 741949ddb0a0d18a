package dev.shunt.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.shunt.testing.Gate;
import dev.shunt.testing.Programs;
import dev.shunt.tests.programs.Web;
import java.io.IOException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of requests when the program stops. */
@Tag("processes")
class WebStopTest {

    @RegisterExtension
    static final Programs programs = new Programs();

    @Test
    void requestThatRuns_isAnswered_andItsConnectionEnds() {
        try (var gate = new Gate()) {
            var program = programs.start(Web.class, "--face", "server", "--gate", gate.port());
            try (var client = new WebClient(program)) {
                client.sendGet("/gate").sendGet("/hello");
                var visitor = gate.await();
                program.terminate();
                await().until(() -> Ports.refuses(program.port()));
                visitor.release();
                var answer = client.answer();
                assertThat(answer.status()).isEqualTo(200);
                assertThat(answer.header("connection")).isEqualTo("close");
                assertThat(client.rest()).isEmpty();
                assertThat(program.exitCode()).isZero();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"event_loop", "in_process", "children"})
    void gracefulStop_waitsForWhoWaitsForAnAnswer_andForNobodyElse(String placement) throws IOException {
        try (var gate = new Gate()) {
            var program = programs.start(
                    Web.class,
                    "--face",
                    "server",
                    "--placement",
                    placement,
                    "--keep-alive-millis",
                    3_600_000,
                    "--gate",
                    gate.port());
            try (var idle = new WebClient(program);
                    var runs = new WebClient(program)) {
                assertThat(idle.sendGet("/hello").answer().header("connection")).isEmpty();
                runs.sendGet("/gate");
                var visitor = gate.await();
                var control = RunDirectories.in(programs.directory()).getFirst().resolve("control");
                new ControlSocket(control).post("/api/v1/stop", "{\"graceful\":true}");
                if (!placement.equals("event_loop")) { // whose handler holds it up
                    assertThat(idle.rest()).isEmpty();
                }
                visitor.release();
                assertThat(runs.answer().header("connection")).isEqualTo("close");
                assertThat(idle.rest()).isEmpty();
                assertThat(program.exitCode()).isZero();
            }
        }
    }

    @Test
    void requestThatNobodyHasAnswered_is503() {
        var program = programs.start(Web.class, "--face", "server", "--placement", "in_process");
        try (var client = new WebClient(program)) {
            client.sendGet("/never");
            program.awaitLine("^request GET /never$");
            program.terminate();
            assertThat(client.answer().status()).isEqualTo(503);
            assertThat(client.rest()).isEmpty();
        }
    }
}
