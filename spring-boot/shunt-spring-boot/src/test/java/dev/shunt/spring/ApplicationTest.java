package dev.shunt.spring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shunt.spring.programs.WholeApplication;
import dev.shunt.testing.Launch;
import dev.shunt.testing.Program;
import dev.shunt.testing.Programs;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A whole application, and its children. The tests share one, which the last of them ends. */
@Tag("processes")
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ApplicationTest {

    @RegisterExtension
    static final Programs programs = new Programs();

    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private static Program application;

    @BeforeAll
    static void start() {
        application = started(launch());
    }

    private static Program started(Launch launch) {
        var program = programs.start(launch);
        awaitStarts(program, 1);
        return program;
    }

    /** Each waits for the application contexts of its children, after its own. */
    private static void awaitStarts(Program program, int count) {
        program.awaitLinesWhilePrinting("^listening on ", count);
    }

    /** Without the developer tools, which are on the class path here. */
    private static Launch launch(Object... more) {
        return withDeveloperTools(more).withOptions("-Dspring.devtools.restart.enabled=false");
    }

    private static Launch withDeveloperTools(Object... more) {
        return Launch.of(
                        WholeApplication.class,
                        "--server.port=0",
                        "--shunt.processes=2",
                        "--shunt.slots=2",
                        "--spring.main.banner-mode=off")
                .withArguments(more);
    }

    @Test
    void child_runsTasks_andNothingElse() throws Exception {
        assertThat(look("profiles")).contains("shunt-child");
        assertThat(look("context")).contains("AnnotationConfigApplicationContext");
        assertThat(look("beans")).contains("Done", "[]");
        assertThat(look("another")).contains("shunt-child");
        application.awaitLine("schedule ran in \\d+");
        application.awaitLine("runner ran in \\d+");
        assertThat(application.lines())
                .filteredOn(line -> line.matches(".* (ran|made) in \\d+"))
                .isNotEmpty()
                .allMatch(line -> line.endsWith(" in " + application.pid()));
        assertThat(application.lines())
                .filteredOn(line -> line.startsWith("runner ran"))
                .hasSize(1);
        assertThat(application.lines())
                .filteredOn(line -> line.startsWith("listening"))
                .hasSize(1);
        assertThat(application.lines())
                .filteredOn(line -> line.contains("Migrating schema"))
                .hasSize(1);
        assertThat(application.children()).hasSize(2);
    }

    @Test
    void childWhoseContextFails_isExplainedOnce_inTheManagersLog() {
        var broken = programs.start(launch("--spring.profiles.active=broken"));
        broken.awaitLinesWhilePrinting("APPLICATION FAILED TO START", 1);
        assertThat(broken.exitCode()).isEqualTo(1);
        assertThat(String.join("\n", broken.lines())).containsOnlyOnce("no licence for children");
        assertThat(broken.errors()).isEmpty();
    }

    @Test
    void whereADebuggerMayAttach_tasksRunInTheApplication() throws Exception {
        var debugged = started(
                launch().withOptions("-agentlib:jdwp=transport=dt_socket,server=y,suspend=n,address=127.0.0.1:0"));
        assertThat(get(debugged.port(), "/look/pid")).contains(Long.toString(debugged.pid()));
        assertThat(debugged.children()).isEmpty();
    }

    @Test
    void restartByTheDeveloperTools_leavesNoChild() throws Exception {
        var restarted = started(withDeveloperTools(
                "--spring.devtools.livereload.enabled=false", "--spring.main.lazy-initialization=true"));
        restarted.awaitLinesWhilePrinting(
                "^runner ran", 1); // Spring does not close a context that is still being refreshed
        int first = restarted.port();
        var before = restarted.children();
        get(first, "/restart");
        awaitStarts(restarted, 2);
        int second = restarted.port(1);
        assertThat(get(second, "/look/profiles")).contains("shunt-child");
        Awaitility.await().until(() -> before.stream().noneMatch(ProcessHandle::isAlive));
        assertThat(restarted.children()).hasSize(2);
        restarted.terminate();
        assertThat(restarted.exitCode()).isEqualTo(143);
    }

    @Test
    @Order(Integer.MAX_VALUE)
    void sigterm_endsItInOrder() {
        application.terminate();
        assertThat(application.exitCode()).isEqualTo(143);
        assertThat(application.lines())
                .filteredOn(line -> !line.matches(".*child \\d+ .* runs for \\d+ s and has not come to the start.*"))
                .noneMatch(line -> line.matches(".* (WARN|ERROR) .* dev\\.shunt.*"));
    }

    private static String look(String at) throws IOException, InterruptedException {
        return get(application.port(), "/look/" + at);
    }

    private static String get(int port, String path) throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .build();
        return HTTP.send(request, BodyHandlers.ofString()).body();
    }
}
