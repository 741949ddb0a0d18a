package dev.shunt.tests;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import dev.shunt.testing.Program;
import dev.shunt.testing.Programs;
import dev.shunt.tests.programs.Pages;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/** What a real browser does with a page that {@code Pages} serves. */
@Tag("processes")
@ParameterizedClass
@ValueSource(strings = {"event_loop", "in_process", "children"})
class BrowserTest {

    @RegisterExtension
    static final Programs programs = new Programs();

    @RegisterExtension
    static final Browser browser = new Browser();

    @SuppressWarnings("NullAway.Init") // before each run of the suite
    private static Program program;

    private final String placement;

    BrowserTest(String placement) {
        this.placement = placement;
    }

    @BeforeParameterizedClassInvocation
    static void start(String placement) {
        program = programs.start(Pages.class, "--placement", placement);
        program.port(1);
    }

    private static String host(int port) {
        return "127.0.0.1:" + program.port(port);
    }

    private static Page page(String target) {
        return browser.open("http://" + host(0) + target);
    }

    @Test
    void page_setsACookie_andFetches() {
        assertThat(placement).isNotEmpty();
        var page = page("/?id=a7");
        assertThat(page.title()).isEqualTo("Pages");
        page.reload();
        assertThat(page.locator("#who")).hasText("a7");
        assertThat(page.evaluate("document.cookie")).isEqualTo(""); // it is not for scripts
        page.evaluate("ask()");
        assertThat(page.locator("#fetched")).hasText("200 grüße");
    }

    @Test
    void eventSource_hearsEachStep() {
        var page = page("/");
        page.evaluate("watch()");
        assertThat(page.locator("#events li")).hasText(new String[] {"1", "2", "3", "done"});
    }

    @Test
    void webSocket_isOfWhoHasTheCookie_andSaysWhyItCloses() {
        var page = page("/?id=a7");
        page.evaluate("talk(location.host)");
        var heard = page.locator("#heard li");
        assertThat(heard).hasText(new String[] {"welcome a7"});
        page.evaluate("socket.send('schön ' + 'x'.repeat(100000))");
        assertThat(heard).hasText(new String[] {"welcome a7", "you said schön " + "x".repeat(100_000)});
        assertThat(page.evaluate("socket.protocol + ' ' + socket.extensions"))
                .asString()
                .startsWith("chat.v1 permessage-deflate");
        page.evaluate("socket.send('bye')");
        assertThat(heard.last()).hasText("closed 4001 as you wish");
    }

    @Test
    void webSocket_refusedByTheProgram_neverOpens() {
        var page = page("/?id=banned");
        page.evaluate("talk(location.host)");
        assertThat(page.locator("#heard li")).hasText(new String[] {"closed 1006 "});
    }

    @Test
    void webSocket_ofAForeignPage_isOfNobodyWithACookie() {
        var stranger = browser.open("http://" + host(1) + "/");
        stranger.evaluate("talk('" + host(0) + "')");
        assertThat(stranger.locator("#heard li")).hasText(new String[] {"welcome nobody"});
        var victim = page("/?id=a7");
        var lure = browser.open(victim, "http://" + host(1) + "/"); // a cookie is of a host, whatever its port
        assertThat(lure.locator("#who")).hasText("a7");
        lure.evaluate("talk('" + host(0) + "')");
        assertThat(lure.locator("#heard li")).hasText(new String[] {"closed 1006 "});
    }

    @Test
    void form_uploadsAFile(@TempDir Path directory) throws Exception {
        var file = Files.write(directory.resolve("größe.bin"), new byte[20 << 20]);
        var page = page("/");
        page.locator("input[type=file]").setInputFiles(file);
        page.locator("button").click();
        page.waitForURL("**/upload");
        assertThat(page.content()).contains("\"name\":\"größe.bin\"", "\"size\":20971520", "\"note\":\"für dich\"");
    }
}
