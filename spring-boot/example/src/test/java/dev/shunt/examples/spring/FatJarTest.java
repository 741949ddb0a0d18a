package dev.shunt.examples.spring;

import static org.assertj.core.api.Assertions.assertThat;

import com.jayway.jsonpath.JsonPath;
import dev.shunt.testing.Launch;
import dev.shunt.testing.Program;
import dev.shunt.testing.Programs;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** The application as it is deployed, with the versions that Spring Boot manages: one executable jar. Runs once that is made. */
@Tag("fat-jar")
class FatJarTest {

    @RegisterExtension
    static final Programs programs = new Programs();

    private static final Path JAR = Path.of("target", "shunt-example-spring.jar");
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    @TempDir
    static Path directory;

    private Program application;

    @Test
    void sigterm_whileAMailIsSent_endsInOrder_andItIsSent() throws Exception {
        application = start();
        assertThat(get("/actuator/health").body()).contains("\"shunt\":{", "\"status\":\"UP\"");
        assertThat(get("/mails/77").statusCode()).isEqualTo(404);
        assertThat(post("{}").statusCode()).isEqualTo(400);

        var answer = post("{\"to\": \"ann\", \"seconds\": 3}");
        assertThat(answer.statusCode()).isEqualTo(202);
        String id = JsonPath.read(answer.body(), "$.id");
        Awaitility.await().until(() -> state(id).equals("running"));
        assertThat((int) JsonPath.read(get("/mails/" + id).body(), "$.pid")).isNotEqualTo((int) application.pid());
        application.terminate();
        assertThat(application.exitCode()).isEqualTo(143);

        application = start();
        assertThat(state(id)).isEqualTo("done");
        application.terminate();
        assertThat(application.exitCode()).isEqualTo(143);
    }

    private static Program start() {
        var started = programs.start(Launch.java("-jar", JAR, "--port", 0, "--store", directory.resolve("mails.db")));
        started.awaitLinesWhilePrinting("^listening on ", 1); // its application context, then its child's
        return started;
    }

    private String state(String id) throws IOException, InterruptedException {
        return JsonPath.read(get("/mails/" + id).body(), "$.state");
    }

    private HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return HTTP.send(HttpRequest.newBuilder(uri(path)).build(), BodyHandlers.ofString());
    }

    private HttpResponse<String> post(String mail) throws IOException, InterruptedException {
        return HTTP.send(
                HttpRequest.newBuilder(uri("/mails"))
                        .header("Content-Type", "application/json")
                        .POST(BodyPublishers.ofString(mail))
                        .build(),
                BodyHandlers.ofString());
    }

    private URI uri(String path) {
        return URI.create("http://127.0.0.1:" + application.port() + path);
    }
}
