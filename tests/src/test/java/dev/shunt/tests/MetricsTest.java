package dev.shunt.tests;

import static dev.shunt.tests.MetricSamples.sum;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.shunt.testing.Launch;
import dev.shunt.testing.LineClient;
import dev.shunt.testing.Program;
import dev.shunt.testing.Programs;
import dev.shunt.tests.programs.Steered;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** What a program's {@code /metrics} says while it works. */
@Tag("processes")
class MetricsTest {

    private static final String ORDER = "type=\"dev.shunt.tests.programs.Steered$Order\"";
    private static final String FAILING = "type=\"dev.shunt.tests.programs.Steered$Failing\"";
    private static final Pattern NAME = Pattern.compile("shunt(_[a-z]+)+");

    @RegisterExtension
    static final Programs programs = new Programs();

    private static Program program;
    private static ControlSocket socket;

    @BeforeAll
    static void start(@TempDir Path directory) {
        program = programs.start(Steered.class, "--run-dir", directory);
        program.port();
        socket = new ControlSocket(directory.resolve("control"));
        await().until(() -> socket.get("/health/ready").status() == 200);
    }

    private static Map<String, Double> samples() {
        var answer = socket.get("/metrics");
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.head()).contains("Content-Type: text/plain; version=0.0.4; charset=utf-8");
        return MetricSamples.of(answer.text());
    }

    @Test
    void tasks_areCountedByTypeAndOutcome_attemptsOnce_andWhatWasSubmittedIsEndedQueuedOrRunning() throws IOException {
        var before = samples();
        try (var client = new LineClient(program.port())) {
            client.ask("many 200");
            client.ask("fail this");
        }
        await().until(() -> sum(samples(), "shunt_tasks_ended_total", FAILING, "failed")
                        - sum(before, "shunt_tasks_ended_total", FAILING, "failed")
                == 1);
        var after = samples();
        assertThat(sum(after, "shunt_tasks_submitted_total"))
                .isEqualTo(sum(after, "shunt_tasks_ended_total")
                        + sum(after, "shunt_tasks_queued")
                        + sum(after, "shunt_tasks_running"));
        assertThat(sum(after, "shunt_tasks_retried_total", FAILING) - sum(before, "shunt_tasks_retried_total", FAILING))
                .isEqualTo(1);
        assertThat(sum(after, "shunt_task_run_seconds_count", FAILING, "outcome=\"failed\"")
                        - sum(before, "shunt_task_run_seconds_count", FAILING, "outcome=\"failed\""))
                .isEqualTo(2);
        assertThat(sum(after, "shunt_task_wait_seconds_count", FAILING)
                        - sum(before, "shunt_task_wait_seconds_count", FAILING))
                .as("an attempt that follows another has waited because it was told to")
                .isEqualTo(1);
        assertThat(sum(after, "shunt_task_total_seconds_count", FAILING))
                .isEqualTo(sum(after, "shunt_tasks_ended_total", FAILING));
    }

    @Test
    void series_areAsManyAfterThousandsOfTasks() throws IOException {
        try (var client = new LineClient(program.port())) {
            client.ask("many 1");
            await().until(() -> sum(samples(), "shunt_tasks_ended_total", ORDER) >= 1
                    && sum(samples(), "shunt_tasks_running") + sum(samples(), "shunt_tasks_queued") == 0);
            var before = samples().keySet();
            client.ask("many 5000");
            await().until(() -> sum(samples(), "shunt_tasks_ended_total", ORDER) >= 5000);
            assertThat(samples().keySet()).isEqualTo(before);
        }
    }

    @Test
    void names_areThoseOfPrometheus_eachWithHelpAndType() {
        var text = socket.get("/metrics").text();
        var types = text.lines()
                .filter(line -> line.startsWith("# TYPE "))
                .map(line -> line.split(" "))
                .collect(Collectors.toMap(words -> words[2], words -> words[3]));
        assertThat(types).allSatisfy((name, type) -> {
            assertThat(name).matches(NAME);
            assertThat(text).contains("# HELP " + name + ' ');
            assertThat(name.endsWith("_total")).as(name).isEqualTo(type.equals("counter"));
        });
        assertThat(types)
                .containsKeys(
                        "shunt_tasks_submitted_total",
                        "shunt_task_run_seconds",
                        "shunt_queue_oldest_age_seconds",
                        "shunt_child_memory_bytes",
                        "shunt_child_cpu_seconds",
                        "shunt_loop_lag_seconds",
                        "shunt_schedule_fired_total");
        assertThat(text).doesNotContain("hunter2");
    }

    @Test
    void killedChild_isARestart_byItsSignal_andItsSuccessorHasMemory() {
        var before = samples();
        program.children().getFirst().destroyForcibly();
        await().until(() -> sum(samples(), "shunt_children_restarts_total", "cause=\"sigkill\"", "group=\"task\"")
                        - sum(before, "shunt_children_restarts_total", "cause=\"sigkill\"")
                == 1);
        await().until(() -> samples().keySet().stream()
                        .filter(name -> name.startsWith("shunt_child_"))
                        .count()
                == before.keySet().stream()
                        .filter(name -> name.startsWith("shunt_child_"))
                        .count());
        assertThat(sum(samples(), "shunt_child_memory_bytes", "rss")).isGreaterThan(1e6);
    }

    @Test
    void connections_areCountedByListener() throws IOException {
        var before = samples();
        try (var client = new Socket(InetAddress.getLoopbackAddress(), program.port())) {
            client.getOutputStream().write("what\n".getBytes(StandardCharsets.UTF_8));
            assertThat(client.getInputStream().read()).isEqualTo('w');
            assertThat(sum(samples(), "shunt_connections{listener=\"tcp://127.0.0.1:" + program.port()))
                    .isGreaterThanOrEqualTo(1);
        }
        await().until(() -> sum(samples(), "shunt_connections_closed_total", "reason=\"peer\"")
                > sum(before, "shunt_connections_closed_total", "reason=\"peer\""));
        assertThat(sum(samples(), "shunt_messages_total")).isGreaterThan(sum(before, "shunt_messages_total"));
    }

    @Test
    void anAddressOfTheirOwn_hasMetricsAndHealth_andNothingElse_byAnyName(@TempDir Path directory) throws Exception {
        int port = Ports.free();
        var queue = programs.start(Launch.of(
                "DurableQueue",
                "--port",
                0,
                "--store",
                directory.resolve("q.db"),
                "--ledger",
                directory.resolve("ledger"),
                "--metrics",
                "127.0.0.1:" + port));
        try (var client = new LineClient(queue.port())) {
            client.ask("a line");
            await().until(() -> client.ask("stats").contains("\"done\":1"));
        }
        var web = HttpClient.newHttpClient();
        var samples = MetricSamples.of(get(web, port, "/metrics").body());
        assertThat(sum(samples, "shunt_task_run_seconds_count", "outcome=\"done\""))
                .isEqualTo(1);
        assertThat(sum(samples, "shunt_log_append_seconds_count")).isGreaterThanOrEqualTo(2);
        assertThat(get(web, port, "/health/live").statusCode()).isEqualTo(200);
        assertThat(get(web, port, "/health/ready").statusCode()).isEqualTo(200);
        for (String path : new String[] {"/", "/api/v1/status", "/api/v1/dead", "/health", "/events"}) {
            assertThat(get(web, port, path).statusCode()).as(path).isEqualTo(404);
        }
        var told = HttpRequest.newBuilder(uri(port, "/metrics"))
                .POST(HttpRequest.BodyPublishers.noBody())
                .build();
        assertThat(web.send(told, HttpResponse.BodyHandlers.ofString()).statusCode())
                .isEqualTo(405);
    }

    private static HttpResponse<String> get(HttpClient web, int port, String path) throws Exception {
        return web.send(HttpRequest.newBuilder(uri(port, path)).build(), HttpResponse.BodyHandlers.ofString());
    }

    private static URI uri(int port, String path) {
        return URI.create("http://127.0.0.1:" + port + path);
    }
}
