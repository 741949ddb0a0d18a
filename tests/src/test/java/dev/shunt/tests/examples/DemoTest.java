package dev.shunt.tests.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import dev.shunt.testing.Launch;
import dev.shunt.testing.Program;
import dev.shunt.testing.Programs;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** {@code ./shunt demo}, with fewer users. */
@Tag("processes")
class DemoTest {

    private static final String DEMO = "dev.shunt.examples.demo.Demo";

    @RegisterExtension
    static final Programs programs = new Programs();

    @TempDir
    Path directory;

    @Test
    void mailsEveryUserTwice_andWritesTheFigures() {
        var file = directory.resolve("figures.json");
        var demo = programs.start(Launch.of(DEMO, "--users", 40, "--json", file));
        assertThat(demo.exitCode()).isZero();
        var figures = JsonMapper.shared().readTree(file);
        assertThat(figures.propertyNames()).containsExactlyInAnyOrder("users", "inline", "tasks");
        assertThat(figures.path("users").intValue()).isEqualTo(40);
        assertFigures(figures.path("inline"));
        assertFigures(figures.path("tasks"));
        assertThat(errors(demo)).isEmpty();
        assertThat(String.join("\n", demo.lines())).as("plain lines").doesNotContain("\r", "\u001b");
        assertThat(demo.lines()).anyMatch(line -> line.matches(".*\\b40\\b.*\\b0\\b.*"));
        assertThat(demo.children()).isEmpty();
    }

    @Test
    void webClient_noticesTheSame() {
        var file = directory.resolve("figures.json");
        var demo = programs.start(Launch.of(DEMO, "--users", 40, "--http", "--json", file));
        assertThat(demo.exitCode()).isZero();
        var figures = JsonMapper.shared().readTree(file);
        assertFigures(figures.path("inline"));
        assertFigures(figures.path("tasks"));
        assertThat(demo.lines()).contains("each ping is a GET over HTTP");
        assertThat(errors(demo)).isEmpty();
    }

    /** Without the warnings that the first way deserves, and is there to show. */
    private static List<String> errors(Program demo) {
        return demo.complaints();
    }

    private static void assertFigures(JsonNode way) {
        assertThat(way.propertyNames()).containsExactlyInAnyOrder("delivered", "duplicates", "seconds", "ping");
        assertThat(way.path("delivered").intValue()).isEqualTo(40);
        assertThat(way.path("duplicates").intValue()).isZero();
        assertThat(way.path("seconds").doubleValue()).isPositive();
        assertThat(way.path("ping").propertyNames()).containsExactlyInAnyOrder("p50_us", "p99_us", "max_us");
        assertThat(way.path("ping").path("p50_us").longValue())
                .isPositive()
                .isLessThanOrEqualTo(way.path("ping").path("p99_us").longValue());
        assertThat(way.path("ping").path("p99_us").longValue())
                .isLessThanOrEqualTo(way.path("ping").path("max_us").longValue());
    }

    @Test
    void ownMailServer_getsEveryMailOnce() {
        var mails = new GreenMail(new ServerSetup(0, "127.0.0.1", ServerSetup.PROTOCOL_SMTP));
        mails.start();
        try {
            var demo = programs.start(Launch.of(
                    DEMO,
                    "--users",
                    20,
                    "--smtp",
                    "127.0.0.1:" + mails.getSmtp().getPort()));
            assertThat(demo.exitCode()).isZero();
            assertThat(mails.getReceivedMessages()).hasSize(40);
        } finally {
            mails.stop();
        }
    }

    @Test
    void ctrlC_midway_endsItCleanly() {
        var demo = programs.start(Launch.of(DEMO, "--users", 2_000).inOwnGroup());
        demo.awaitLine("mails");
        demo.interruptGroup();
        assertThat(demo.exitCode()).isNotZero();
        assertThat(demo.children()).isEmpty();
        assertThat(programs.directory()).isEmptyDirectory();
        assertThat(errors(demo)).as("how far it came").hasSize(1).allMatch(line -> line.startsWith("stopped after"));
    }

    @Test
    void ctrlC_whileItStarts_leavesNothing() {
        var demo = programs.start(Launch.of(DEMO, "--users", 1_000).inOwnGroup());
        await().until(() -> !demo.children().isEmpty());
        demo.interruptGroup();
        assertThat(demo.exitCode()).isNotZero();
        assertThat(demo.children()).isEmpty();
    }

    @Test
    void mailServerThatIsDown_isSaid_beforeAnythingStarts() {
        var demo = programs.start(Launch.of(DEMO, "--users", 10, "--smtp", "127.0.0.1:1"));
        assertThat(demo.exitCode()).isNotZero();
        assertThat(String.join("\n", demo.errors())).contains("127.0.0.1:1");
    }
}
