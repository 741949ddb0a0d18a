package dev.shunt.tests;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;

import com.deque.html.axecore.playwright.AxeBuilder;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import dev.shunt.control.DeadPage;
import dev.shunt.control.Done;
import dev.shunt.control.JobInfo;
import dev.shunt.testing.LineClient;
import dev.shunt.testing.Program;
import dev.shunt.testing.Programs;
import dev.shunt.tests.programs.Watched;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The console's pages in a real browser. */
@Tag("processes")
class ConsoleTest {

    private static final String HOSTILE =
            "\u202e\u0007</script><script>alert(1)</script>\"onmouseover=alert(2) <img src=x onerror=alert(3)>";

    private static final String AXE = axe();

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

    private final List<String> alarms = new ArrayList<>();

    @BeforeEach
    void start() {
        start("0");
    }

    private void start(String port, String... more) {
        var arguments = new ArrayList<Object>(List.of("--run-dir", directory, "--console-port", port));
        arguments.addAll(List.of(more));
        program = programs.start(Watched.class, arguments.toArray());
        program.port();
        url = consoleUrl(directory);
    }

    static String consoleUrl(Path runDirectory) {
        var pattern = Pattern.compile("\"console\":\"(http://[^\"]+)\"");
        return await().until(
                        () -> pattern.matcher(Files.readString(runDirectory.resolve("manager.json")))
                                .results()
                                .findFirst(),
                        found -> found.isPresent())
                .orElseThrow()
                .group(1);
    }

    private void ask(String line) {
        try (var client = new LineClient(program.port())) {
            assertThat(client.ask(line)).isEqualTo("asked");
        }
    }

    private Page page(String hash) {
        var page = browser.open(url + hash);
        page.onDialog(dialog -> {
            alarms.add("a dialog: " + dialog.message());
            dialog.dismiss();
        });
        page.onConsoleMessage(message -> {
            if (message.type().equals("error")) {
                alarms.add(message.text());
            }
        });
        assertThat(page.locator("#connection")).hasText("live");
        return page;
    }

    /** No script of others has run, nothing was refused by the page's policy. */
    @AfterEach
    void nothingUnexpectedOnThePages() {
        assertThat(alarms).isEmpty();
    }

    /** Serious ones, as axe-core finds them. */
    private static List<?> accessibilityFaults(Page page) {
        page.evaluate(AXE);
        return (List<?>) page.evaluate("""
                axe.run().then(found => found.violations
                    .filter(fault => fault.impact === 'serious' || fault.impact === 'critical')
                    .map(fault => fault.id + ': ' + fault.nodes.map(node => node.html).join(' ')))""");
    }

    private static String axe() {
        try (var script = AxeBuilder.class.getResourceAsStream("/axe.min.js")) {
            return new String(Objects.requireNonNull(script).readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Locator rows(Page page, String table) {
        return page.locator(".scrolls[aria-label='" + table + "'] tbody tr");
    }

    private static Locator button(Page page, String text) {
        return page.locator("button", new Page.LocatorOptions().setHasText(Pattern.compile(text)));
    }

    @Test
    void whatRuns_isSeenWithItsProgress_andCancelled() {
        ask("wait 3");
        var page = page("#/running");
        assertThat(rows(page, "What runs")).hasCount(2);
        assertThat(rows(page, "What runs").first()).containsText("40 %");
        rows(page, "What runs").first().locator("button").click();
        button(page, "^Cancel the task$").click();
        assertThat(page.locator("#said")).containsText("has been interrupted");
        page.locator("#nav a >> text=Queue").click();
        assertThat(rows(page, "Tasks that have not ended")).hasCount(2);
    }

    @Test
    void hostileText_isText_onEveryPage() {
        ask("fail 3 " + HOSTILE);
        ask("wait 1");
        var page = page("#/dead");
        assertThat(rows(page, "Dead letters")).hasCount(3);
        assertThat(rows(page, "Dead letters").first()).containsText("<script>alert(1)</script>");
        assertThat(rows(page, "Dead letters").first()).containsText("\\u202e");
        rows(page, "Dead letters").first().locator("a").click();
        assertThat(page.locator("pre").first()).containsText("onerror=alert(3)");
        for (String name : List.of("overview", "running", "queue", "schedules", "processes", "connections", "dead")) {
            page.navigate(url + "#/" + name + "?text=%3Cscript%3Ealert(9)%3C/script%3E");
            assertThat(page.locator("main h2")).isVisible();
        }
        assertThat(page.locator("main script, main img")).hasCount(0);
    }

    @Test
    void failures_areGrouped_filtered_andRunAgain_exactlyThoseThatMatch() {
        ask("fail 30 no route");
        ask("fail 12 disk full");
        var page = page("#/dead");
        assertThat(page.locator(".counted")).hasText("42 that match, of 42 in all");
        assertThat(rows(page, "By error")).hasCount(1);
        page.locator("#filter-text").fill("disk full");
        page.locator(".filters >> text=Filter").click();
        assertThat(page).hasURL(Pattern.compile(".*text=disk\\+full.*"));
        assertThat(page.locator(".counted")).hasText("12 that match, of 42 in all");
        button(page, "^Discard all 12 that match$").click();
        button(page, "^Discard$").click();
        assertThat(page.locator(".counted")).hasText("0 that match, of 30 in all");
        page.locator(".filters >> text=Clear").click();
        assertThat(page.locator(".counted")).hasText("30 that match, of 30 in all");
        rows(page, "Dead letters").nth(0).locator("input").check();
        rows(page, "Dead letters").nth(1).locator("input").check();
        button(page, "^Rerun selected .2.$").click();
        button(page, "^Rerun$").click();
        assertThat(page.locator("#said")).containsText("2 of 2 done");
    }

    @Test
    void groupOfFailures_isForgotten_exactlyItself_withinWhatIsFiltered() {
        ask("fail 4 no route");
        ask("fail 3 bad address: no route");
        ask("fail 2 bad address");
        var page = page("#/dead?error=no+route");
        assertThat(page.locator(".counted")).hasText("7 that match, of 9 in all");
        var group = rows(page, "By error").filter(new Locator.FilterOptions().setHasText("IllegalArgumentException"));
        assertThat(group).containsText("3");
        group.locator("button >> text=Discard").click();
        button(page, "^Discard$").click();
        assertThat(page.locator(".counted")).hasText("4 that match, of 6 in all");
        page.locator(".filters >> text=Clear").click();
        rows(page, "By error")
                .filter(new Locator.FilterOptions().setHasText("IllegalArgumentException"))
                .locator("a >> text=Show")
                .click();
        assertThat(page.locator(".counted")).hasText("2 that match, of 6 in all");
        assertThat(page).hasURL(Pattern.compile(".*cause=[0-9a-f]{12}$"));
    }

    @Test
    void killedChild_isToldOfWithinSeconds() {
        var page = page("#/processes");
        int children = program.children().size();
        assertThat(rows(page, "Children")).hasCount(children);
        var first = program.children().getFirst();
        first.destroyForcibly();
        assertThat(rows(page, "Children").filter(new Locator.FilterOptions().setHasText("SIGKILL")))
                .hasCount(1);
    }

    @Test
    void schedule_runsNow_andItsNextTimeStays() {
        var page = page("#/schedules");
        var next = rows(page, "Schedules").locator("time").first().getAttribute("datetime");
        button(page, "^Run now$").click();
        button(page, "^Run$").click();
        assertThat(page.locator("#said")).containsText("done");
        assertThat(rows(page, "Schedules")).containsText("running");
        var after = rows(page, "Schedules").locator("time").first().getAttribute("datetime");
        assertThat(Instant.parse(after)).isCloseTo(Instant.parse(next), within(1, ChronoUnit.SECONDS));
    }

    @Test
    void groupIsPaused_andResumed() {
        var page = page("#/overview");
        rows(page, "Groups").first().locator("button >> text=Pause").click();
        assertThat(rows(page, "Groups").first()).containsText("paused");
        rows(page, "Groups").first().locator("button >> text=Resume").click();
        assertThat(rows(page, "Groups").first()).containsText("runs");
        assertThat(page.locator(".plot canvas")).hasCount(4);
        assertThat(rows(page, "Actions while this page was open")).hasCount(2);
    }

    @Test
    void stoppedProgram_isSaidToBeGone_andSeenAgainWhenItIsBack() {
        var page = page("#/overview");
        page.clock().install();
        page.reload();
        assertThat(page.locator("#connection")).hasText("live");
        page.clock().setSystemTime(Instant.now().minus(2, ChronoUnit.HOURS).toEpochMilli());
        program.kill();
        assertThat(page.locator("#connection")).containsText("not reachable since");
        alarms.clear(); // the browser says that its requests failed
        start(url.replaceAll("\\D+127.0.0.1:(\\d+)/", "$1"));
        assertThat(page.locator("#connection")).hasText("live");
        alarms.clear();
    }

    @Test
    void manyTabs_areAllServed() {
        var first = page("#/overview");
        var pages = new ArrayList<Page>();
        for (int i = 0; i < 7; i++) {
            pages.add(browser.open(first, url + "#/running"));
        }
        pages.forEach(
                page -> assertThat(page.locator("#connection")).hasText(Pattern.compile("live|asks every 2 s.*")));
    }

    @Test
    void manyThatMatch_runAgain_exactlyThose_withTheirProgress_andCanBeStopped() {
        ask("fail 1234 disk full");
        ask("fail 30 no route");
        var page = page("#/dead?error=disk+full");
        assertThat(page.locator(".counted")).hasText(Pattern.compile("1.234 that match, of 1.264 in all"));
        button(page, "^Rerun all 1.234 that match$").click();
        button(page, "^Rerun$").click();
        assertThat(page.locator("#said")).containsText(Pattern.compile("1.234 of 1.234 done"));
        assertThat(page.locator(".counted")).hasText(Pattern.compile("1.234 that match, of 1.264 in all"));

        var control = new ControlSocket(directory.resolve("control"));
        var begun = control.post("/api/v1/dead/discard", "{\"error\":\"disk full\",\"wait\":false}")
                .as(Done.Begun.class);
        assertThat(begun.matched()).isEqualTo(1234);
        control.post("/api/v1/jobs/" + begun.job() + "/stop", "");
        var job = await().until(
                        () -> job(control, begun.job()), one -> !one.state().matches("waiting|running"));
        var left = control.get("/api/v1/dead").as(DeadPage.class);
        assertThat(left.of()).isEqualTo(1264 - job.done());
        assertThat(control.get("/api/v1/dead?error=no+route").as(DeadPage.class).total())
                .isEqualTo(30);
    }

    private record Jobs(List<JobInfo> jobs) {}

    private static JobInfo job(ControlSocket control, long number) {
        return control.get("/api/v1/jobs").as(Jobs.class).jobs().stream()
                .filter(job -> job.job() == number)
                .findFirst()
                .orElseThrow();
    }

    @Test
    void behindNginx_underAPrefix_thatItTakesAwayOrPassesOn_everythingWorks(@TempDir Path files) throws IOException {
        program.stop();
        start("0", "--prefix", "/kept");
        int port = Ports.free();
        String to = url.substring(0, url.length() - 1);
        try (var nginx = Installed.nginx(files, """
                server {
                    listen 127.0.0.1:%1$d;
                    proxy_buffering off;
                    proxy_set_header Host $http_host;
                    location /ops/shunt/ { proxy_pass %2$s/; }
                    location /kept { proxy_pass %2$s; }
                }
                """.formatted(port, to), port)) {
            assertThat(nginx.output()).doesNotContain("[emerg]");
            for (String path : List.of("/ops/shunt/", "/ops/shunt", "/kept/", "/kept")) {
                url = "http://127.0.0.1:" + port + path;
                var page = page("#/overview");
                assertThat(page.locator(".plot canvas")).hasCount(4);
                rows(page, "Groups").first().locator("button >> text=Pause").click();
                assertThat(rows(page, "Groups").first()).containsText("paused");
                rows(page, "Groups").first().locator("button >> text=Resume").click();
                assertThat(rows(page, "Groups").first()).containsText("runs");
                page.close();
            }
        }
    }

    /** What one does who is woken at night; by the keyboard and the pages alone. */
    @ParameterizedTest
    @ValueSource(ints = {1280, 360})
    void taskThatHangs_isFoundAndCancelled_failuresOfOneKind_runAgain_andItIsSeenWho(int width) {
        ask("fail 5 no route");
        ask("fail 3 mailbox is full");
        ask("wait 1");
        var page = page("#/overview");
        page.setViewportSize(width, 740);
        page.keyboard().press("2");
        var hangs = rows(page, "What runs").first();
        assertThat(hangs).containsText("MakeReport");
        assertThat(hangs.locator("time")).hasText(Pattern.compile("[\\d.]+ (ms|s)"));
        assertThat(hangs)
                .containsText(Pattern.compile(program.children().stream()
                        .map(child -> String.valueOf(child.pid()))
                        .collect(Collectors.joining("|"))));
        hangs.locator("button").click();
        button(page, "^Cancel the task$").click();
        assertThat(page.locator("#said")).containsText("has been interrupted");
        assertThat(page.locator("main")).containsText("Nothing runs.");

        page.keyboard().press("4");
        page.keyboard().press("/");
        page.locator("#filter-error").fill("no route");
        page.locator("#filter-since").fill("1h");
        page.keyboard().press("Enter");
        assertThat(page.locator(".counted")).hasText("5 that match, of 8 in all");
        button(page, "^Rerun all 5 that match$").click();
        button(page, "^Rerun$").click();
        assertThat(page.locator("#said")).containsText("5 of 5 done");

        page.locator("#nav a >> text=Overview").click();
        var audit = rows(page, "Actions while this page was open");
        for (var done : List.of("rerun dead letters", "cancel task")) { // and when the job is over, that
            assertThat(audit.filter(new Locator.FilterOptions().setHasText(done)))
                    .hasCount(1);
        }
    }

    @Test
    void narrowOrDark_nothingIsCutOff_andPicturesAreTaken() {
        ask("fail 14 no route to mail.example.org: connection refused");
        ask("fail 7 mailbox is full");
        var page = page("#/dead");
        assertThat(rows(page, "Dead letters")).hasCount(21);
        ask("wait 1");
        try (var first = new LineClient(program.port());
                var second = new LineClient(program.port())) {
            first.ask("mail 200");
            second.ask("mail 200");
            takePictures(page);
        }
    }

    private void takePictures(Page page) {
        var pictures = Path.of("target", "console");
        for (String name : List.of("running", "queue", "dead", "schedules", "processes", "connections", "overview")) {
            for (boolean dark : new boolean[] {false, true}) {
                for (int width : new int[] {1280, 360}) {
                    ask("mail 60");
                    page.emulateMedia(
                            new Page.EmulateMediaOptions().setColorScheme(dark ? ColorScheme.DARK : ColorScheme.LIGHT));
                    page.setViewportSize(width, 400);
                    page.navigate(url + "#/" + name);
                    assertThat(page.locator("#nav a[aria-current]")).hasAttribute("data-page", name);
                    assertThat(page.locator("main [aria-busy=true]")).hasCount(0);
                    assertThat(page.evaluate("document.documentElement.scrollWidth <= innerWidth"))
                            .as(name + " at " + width)
                            .isEqualTo(true);
                    if (dark == (width == 360)) {
                        assertThat(accessibilityFaults(page))
                                .as(name + " at " + width)
                                .isEmpty();
                    }
                    var height = page.evaluate("Math.min(800, document.documentElement.scrollHeight)");
                    page.setViewportSize(width, Integer.parseInt(String.valueOf(height)));
                    page.screenshot(new Page.ScreenshotOptions()
                            .setPath(pictures.resolve(name + '-' + width + (dark ? "-dark" : "") + ".png")));
                }
            }
        }
    }
}
