package dev.shunt.stress;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Runs what jcstress has generated, shortly: each test in a JVM of its own, for half a second. For a longer look run
 * {@code org.openjdk.jcstress.Main} with this module's test class path; see decision 0016.
 */
@Tag("processes")
@Timeout(360)
class JcstressTest {

    private static final int FORBIDDEN_OUTCOME = 1;
    private static final int PATIENCE_SECONDS = 300;

    /**
     * Two processors are enough: no test has more than two actors. The interpreter makes what lies between two steps of an
     * actor long beside the rest, so that few samples find it, also on a machine that has other things to do.
     */
    private static final List<String> SHORT = List.of(
            "-m",
            "quick",
            "-f",
            "1",
            "-iters",
            "5",
            "-time",
            "100",
            "-c",
            "2",
            "-sc",
            "false",
            "-af",
            "NONE",
            "-spinStyle",
            "THREAD_YIELD",
            "-jvmArgs",
            "-Xint",
            "-jvmArgs",
            "-Xmx256m");

    @TempDir
    Path directory;

    @Test
    void handOverOfTheLink_hasNoForbiddenOutcome() throws Exception {
        assertThat(run("dev.shunt.ipc")).as(this::output).isZero();
        assertThat(output()).contains("0 failed, 0 soft errs, 0 hard errs");
    }

    @Test
    void forbiddenOutcome_fails() throws Exception {
        assertThat(run(LostUpdateFixture.class.getName())).as(this::output).isEqualTo(FORBIDDEN_OUTCOME);
        assertThat(output()).contains("one update was lost");
    }

    private int run(String tests) throws Exception {
        var command = new ArrayList<>(List.of(
                ProcessHandle.current().info().command().orElseThrow(),
                "-cp",
                System.getProperty("java.class.path"),
                "org.openjdk.jcstress.Main",
                "-t",
                tests,
                "-r",
                directory.resolve("report").toString()));
        command.addAll(SHORT);
        var process = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("output").toFile())
                .start();
        try {
            assertThat(process.waitFor(PATIENCE_SECONDS, SECONDS))
                    .as(this::output)
                    .isTrue();
            return process.exitValue();
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
    }

    private String output() {
        try {
            return Files.readString(directory.resolve("output"));
        } catch (IOException e) {
            return e.toString();
        }
    }
}
