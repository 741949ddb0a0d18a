package dev.shunt.tests;

import com.microsoft.playwright.Browser.NewContextOptions;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType.LaunchOptions;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import dev.shunt.testing.Program;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * A Chromium without a window, for the tests of a class: registered as a static {@code @RegisterExtension}. It is the one of
 * the system (Debian's package {@code chromium}). What a test opens is closed after it; after a failure it prints what the
 * pages wrote to their consoles.
 */
public final class Browser implements BeforeAllCallback, AfterEachCallback, AfterAllCallback {

    private static final double PATIENCE_MILLIS = (double) Program.PATIENCE.toMillis();

    /** As root it has no sandbox, and what it asks of its maker's hosts has no place in a test. */
    private static final List<String> ARGUMENTS = List.of(
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync");

    private final List<AutoCloseable> ofClass = new ArrayList<>();
    private final List<BrowserContext> contexts = new ArrayList<>();
    private final List<String> console = new ArrayList<>();

    @SuppressWarnings("NullAway.Init") // before all tests
    private com.microsoft.playwright.Browser chromium;

    @Override
    public void beforeAll(ExtensionContext context) {
        PlaywrightAssertions.setDefaultAssertionTimeout(PATIENCE_MILLIS);
        var playwright = Playwright.create(
                new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
        ofClass.add(playwright);
        chromium = playwright
                .chromium()
                .launch(new LaunchOptions()
                        .setExecutablePath(Installed.program("chromium"))
                        .setArgs(ARGUMENTS)
                        .setTimeout(PATIENCE_MILLIS));
        ofClass.addFirst(chromium);
    }

    /** A page with nobody's cookies. Any certificate is good enough for it. */
    public Page open(String url) {
        var context = chromium.newContext(new NewContextOptions().setIgnoreHTTPSErrors(true));
        contexts.add(context);
        context.setDefaultTimeout(PATIENCE_MILLIS);
        context.onConsoleMessage(message -> console.add(message.type() + ": " + message.text()));
        context.onWebError(error -> console.add("error: " + error.error()));
        return open(context, url);
    }

    /** Another page of the same visitor, with the cookies of the first. */
    public Page open(Page first, String url) {
        return open(first.context(), url);
    }

    private static Page open(BrowserContext context, String url) {
        var page = context.newPage();
        page.navigate(url);
        return page;
    }

    @Override
    public void afterEach(ExtensionContext context) {
        contexts.forEach(BrowserContext::close);
        contexts.clear();
        context.getExecutionException().ifPresent(_ -> {
            System.err.println("The pages of " + context.getDisplayName() + " wrote to their consoles:");
            console.forEach(line -> System.err.println("  " + line));
        });
        console.clear();
    }

    @Override
    public void afterAll(ExtensionContext context) throws Exception {
        for (var each : ofClass) {
            each.close();
        }
    }
}
