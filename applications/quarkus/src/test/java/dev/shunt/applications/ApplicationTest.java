package dev.shunt.applications;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shunt.testing.Launch;
import dev.shunt.testing.Programs;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The application as a process. */
@Tag("fat-jar")
class ApplicationTest {

    @RegisterExtension
    static final Programs programs = new Programs();

    private static final Duration STARTS_WITHIN = Duration.ofSeconds(90);

    private static final HttpClient HTTP = HttpClient.newHttpClient();

    @Test
    void requests_areAnsweredByTasksInChildren_alsoThoseThatRunAtTheEnd() throws Exception {
        var program = programs.start(
                Launch.java("-jar", "target/quarkus-app/quarkus-run.jar").withOptions("-Dquarkus.http.port=0"));
        Awaitility.await()
                .atMost(STARTS_WITHIN)
                .until(() -> program.lines().stream().anyMatch(line -> line.contains("Listening on: ")));
        var uri = program.awaitLine("Listening on: (http://127.0.0.1:\\d+)").group(1) + "/pictures/";

        assertThat(get(uri + "sea").get().body())
                .matches("sea was made in process \\d+")
                .doesNotEndWith(" " + program.pid());

        var slow = get(uri + "slow?seconds=2");
        Awaitility.await().until(() -> program.lines().contains("slow is made"));
        program.terminate();
        assertThat(slow.get().body()).startsWith("slow was made");
        assertThat(program.exitCode()).isEqualTo(143);
    }

    private static CompletableFuture<HttpResponse<String>> get(String uri) {
        return HTTP.sendAsync(HttpRequest.newBuilder(URI.create(uri)).build(), BodyHandlers.ofString());
    }
}
