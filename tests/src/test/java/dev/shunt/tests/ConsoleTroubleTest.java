package dev.shunt.tests;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import dev.shunt.testing.Gate;
import dev.shunt.testing.Launch;
import dev.shunt.testing.LineClient;
import dev.shunt.testing.Program;
import dev.shunt.testing.Programs;
import dev.shunt.tests.programs.Watched;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** What the console's pages show of a program that fares badly. That a child was killed is {@link ConsoleTest}'s. */
@Tag("processes")
class ConsoleTroubleTest {

    private static final int QUEUE = 20_000;

    @RegisterExtension
    static final Programs programs = new Programs();

    @RegisterExtension
    static final Browser browser = new Browser();

    @TempDir
    Path directory;

    @SuppressWarnings("NullAway.Init") // before each test
    private Program program;

    @SuppressWarnings("NullAway.Init") // before each test
    private String url;

    @BeforeEach
    void start() {
        start(Launch.of(Watched.class, "--run-dir", directory), directory);
    }

    private void start(Launch launch, Path runDirectory) {
        program = programs.start(launch);
        assertThat(program.port()).isPositive();
        url = ConsoleTest.consoleUrl(runDirectory);
    }

    private Page page(String hash) {
        var page = browser.open(url + hash);
        assertThat(page.locator("#connection")).hasText("live");
        return page;
    }

    private void ask(String line) {
        try (var client = new LineClient(program.port())) {
            assertThat(client.ask(line)).isEqualTo("asked");
        }
    }

    private static Locator rows(Page page, String table) {
        return page.locator(".scrolls[aria-label='" + table + "'] tbody tr");
    }

    @Test
    void loopThatIsHeldUp_isSaid_andThatItGoesOn() {
        var page = page("#/overview");
        try (var gate = new Gate();
                var client = new LineClient(program.port())) {
            client.send("hold " + gate.port());
            var held = gate.await();
            assertThat(page.locator("#connection"))
                    .hasText(Pattern.compile("the main loop has not answered for \\d+ s: what is shown is of .*"));
            assertThat(page.locator("body")).hasClass("stale");
            held.release("");
            assertThat(page.locator("#connection")).hasText("live");
        }
    }

    @Test
    void fullQueue_isSaid_onThePageAndTheCommandLine() {
        new ControlSocket(directory.resolve("control")).post("/api/v1/groups/task/pause", "");
        ask("mail " + (QUEUE + 1));
        var page = page("#/overview");
        assertThat(rows(page, "Groups").first()).containsText("paused, full");
        var status = programs.start(Launch.of("dev.shunt.cli.Ctl", "status", "--run-dir", directory));
        assertThat(status.exitCode()).isZero();
        assertThat(status.lines()).anyMatch(line -> line.startsWith("task ") && line.endsWith(" paused, full"));
    }

    @Test
    void tenThousandDeadLetters_areCounted_shownAPageAtATime_andFiltered() {
        ask("fail 9999 disk full"); // more are not kept in memory
        ask("fail 1 no route");
        var page = page("#/dead");
        assertThat(page.locator(".counted")).hasText(Pattern.compile("10.000 that match, of 10.000 in all"));
        assertThat(rows(page, "Dead letters")).hasCount(50);
        page.locator("#filter-text").fill("no route");
        page.locator(".filters >> text=Filter").click();
        assertThat(page.locator(".counted")).hasText(Pattern.compile("1 that match, of 10.000 in all"));
        assertThat(rows(page, "Dead letters")).hasCount(1);
    }

    /** Without the AOT cache of programs under test, which brings all classes of this build along. */
    @Test
    void children_loadNothingOfIt() throws IOException, InterruptedException {
        var other = directory.resolve("other");
        String classPath = System.getProperty("java.class.path");
        start(Launch.java("-cp", classPath, Watched.class.getName(), "--run-dir", other), other);
        page("#/overview");
        ask("mail 10");
        for (var child : program.children()) {
            var classes = loaded(child.pid());
            assertThat(classes).anyMatch(name -> name.startsWith("dev.shunt.engine.child."));
            assertThat(classes)
                    .noneMatch(name -> name.startsWith("dev.shunt.console.")
                            || name.matches(
                                    "dev\\.shunt\\.control\\.(Access|ControlApi|ControlSite|EventStreams|Login)"));
        }
        assertThat(loaded(program.pid())).contains("dev.shunt.control.EventStreams");
    }

    private static List<String> loaded(long pid) throws IOException, InterruptedException {
        var jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
        var process = new ProcessBuilder(jcmd, String.valueOf(pid), "VM.class_hierarchy").start();
        try (var lines = process.inputReader().lines()) {
            return lines.map(line -> line.replaceAll("^[|\\- ]*", "").replaceAll("/.*", ""))
                    .toList();
        } finally {
            process.waitFor();
        }
    }
}
