package dev.shunt.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.shunt.testing.Program;
import dev.shunt.testing.Programs;
import dev.shunt.tests.programs.Traced;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** What goes with a task from process to process: its trace, its headers, and what loggers know of it. */
@Tag("processes")
class TracingTest {

    private static final String ORDER = "Traced$Order";
    private static final String RECEIPT = "Traced$Receipt";

    @RegisterExtension
    static final Programs programs = new Programs();

    @TempDir
    private Path directory;

    private Program start() {
        var program = programs.start(Traced.class, "--directory", directory);
        program.port();
        return program;
    }

    private static void ask(Program program, String path) throws Exception {
        try (var web = HttpClient.newHttpClient()) {
            var answer = web.send(
                    HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + program.port() + path))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
            assertThat(answer.statusCode()).isEqualTo(200);
        }
    }

    private List<Map<String, String>> lines(String file) {
        var path = directory.resolve(file);
        try {
            return !Files.exists(path)
                    ? List.of()
                    : Files.readAllLines(path).stream()
                            .map(line -> Arrays.stream(line.split(";"))
                                    .map(field -> field.split("=", 2))
                                    .collect(Collectors.toMap(field -> field[0], field -> field[1])))
                            .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Map<String, String> span(String name) {
        return lines("spans").stream()
                .filter(span -> Objects.requireNonNull(span.get("name")).endsWith(name))
                .findFirst()
                .orElse(Map.of());
    }

    /** Its first attempt dies with its process, the second one is in another and asks for a nested task. */
    @Test
    void request_task_retryInAnotherProcess_andNestedTask_areConnected() throws Exception {
        var program = start();
        ask(program, "/dying?item=tea");
        String type = "dev.shunt.tests.programs.";
        await().until(() -> Stream.of(
                        "GET /dying",
                        "send " + type + ORDER,
                        "process " + type + ORDER,
                        "send " + type + RECEIPT,
                        "process " + type + RECEIPT)
                .noneMatch(name -> span(name).isEmpty()));

        var request = span("GET /dying");
        var sent = span("send dev.shunt.tests.programs." + ORDER);
        var retried = span("process dev.shunt.tests.programs." + ORDER);
        var nested = span("send dev.shunt.tests.programs." + RECEIPT);
        var receipt = span("process dev.shunt.tests.programs." + RECEIPT);
        assertThat(request).containsEntry("kind", "SERVER").containsEntry("parent", "");
        assertThat(sent)
                .containsEntry("kind", "PRODUCER")
                .containsEntry("parent", request.get("span"))
                .containsEntry("trace", request.get("trace"))
                .containsEntry("pid", request.get("pid"));
        assertThat(retried)
                .containsEntry("kind", "CONSUMER")
                .containsEntry("shunt.attempt", "2")
                .containsEntry("parent", "")
                .containsEntry("link", sent.get("span"))
                .doesNotContainEntry("trace", sent.get("trace"))
                .doesNotContainEntry("pid", request.get("pid"));
        assertThat(nested).containsEntry("parent", retried.get("span")).containsEntry("pid", retried.get("pid"));
        assertThat(receipt)
                .containsEntry("trace", retried.get("trace"))
                .containsEntry("parent", nested.get("span"))
                .containsEntry("link", "");

        var notes = lines("notes");
        assertThat(notes).hasSize(3);
        assertThat(notes.get(0).get("pid")).isNotEqualTo(notes.get(1).get("pid"));
        assertThat(notes).allSatisfy(note -> assertThat(note).containsEntry("shunt.task", note.get("id")));
        assertThat(notes.get(0))
                .containsEntry("shunt.type", "dev.shunt.tests.programs." + ORDER)
                .containsEntry("shunt.attempt", "1")
                .containsEntry("tenant", "acme");
        assertThat(notes.get(1)).containsEntry("shunt.attempt", "2").containsEntry("tenant", "acme");
        assertThat(notes.get(2))
                .containsEntry("shunt.type", "dev.shunt.tests.programs." + RECEIPT)
                .containsEntry("shunt.attempt", "1")
                .containsEntry("tenant", "");
    }

    @Test
    void killedWhole_theNextRunOfTheProgram_hasTheLinkAndTheHeaders() throws Exception {
        var program = start();
        ask(program, "/order?item=late&delay=3000");
        await().until(() -> !span("send dev.shunt.tests.programs." + ORDER).isEmpty());
        program.kill();
        assertThat(program.exitCode()).isEqualTo(137);
        start();
        await().until(() -> !span("process dev.shunt.tests.programs." + ORDER).isEmpty());
        var sent = span("send dev.shunt.tests.programs." + ORDER);
        assertThat(span("process dev.shunt.tests.programs." + ORDER))
                .containsEntry("link", sent.get("span"))
                .containsEntry("parent", "")
                .containsEntry("shunt.attempt", "1");
        assertThat(lines("notes").getFirst()).containsEntry("tenant", "acme");
    }
}
