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
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Each as a process, with the versions of its own pom. */
@Tag("processes")
class WebServersTest {

    @RegisterExtension
    static final Programs programs = new Programs();

    private static final Duration STARTS_WITHIN = Duration.ofSeconds(90);

    private static final HttpClient HTTP = HttpClient.newHttpClient();

    @ParameterizedTest
    @ValueSource(strings = {"JdkServer ?", "JavalinServer ?seconds="})
    void requests_areAnsweredByTasksInChildren_alsoThoseThatRunAtTheEnd(String server) throws Exception {
        var words = server.split(" ");
        var program = programs.start(
                Launch.java("-cp", System.getProperty("java.class.path"), "dev.shunt.applications." + words[0], 0));
        Awaitility.await()
                .atMost(STARTS_WITHIN)
                .until(() -> program.lines().stream().anyMatch(line -> line.startsWith("listening on ")));
        var uri = "http://127.0.0.1:" + program.port() + "/pictures/";

        assertThat(get(uri + "sea").get().body())
                .matches("sea was made in process \\d+")
                .doesNotEndWith(" " + program.pid());
        assertThat(get(uri + "crash").get().statusCode()).isEqualTo(500);
        assertThat(get(uri + "lake").get().statusCode()).isEqualTo(200);

        var slow = get(uri + "slow" + words[1] + 2);
        Awaitility.await().until(() -> program.lines().contains("slow is made"));
        program.terminate();
        assertThat(slow.get().body()).startsWith("slow was made");
        assertThat(program.exitCode()).isEqualTo(143);
    }

    private static CompletableFuture<HttpResponse<String>> get(String uri) {
        return HTTP.sendAsync(HttpRequest.newBuilder(URI.create(uri)).build(), BodyHandlers.ofString());
    }
}
