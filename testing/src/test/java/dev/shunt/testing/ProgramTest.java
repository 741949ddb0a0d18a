package dev.shunt.testing;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The checks that all other tests rely on can fail. */
@Tag("processes")
class ProgramTest {

    private final Program waiting = Program.start(Launch.of(Parent.class, 600, "waits"));

    @AfterEach
    void killAll() {
        waiting.children().forEach(ProcessHandle::destroyForcibly);
        waiting.close();
    }

    @Test
    void linesOfBothStreams_areCollected() {
        assertThat(waiting.port()).isEqualTo(4711);
        waiting.awaitLine("^to the error stream$");
        assertThat(waiting.errors()).containsExactly("to the error stream");
        assertThat(waiting.lines()).hasSize(2);
    }

    @Test
    void children_areFound_alsoWhenTheirParentIsGone() {
        long child = Long.parseLong(waiting.awaitLine("^child (\\d+)$").group(1));
        assertThat(waiting.children()).extracting(ProcessHandle::pid).containsExactly(child);
        waiting.kill();
        assertThat(waiting.exitCode()).isEqualTo(137);
        assertThat(waiting.children()).extracting(ProcessHandle::pid).containsExactly(child);
    }

    @Test
    void close_failsForAChildLeftBehind_andKillsIt() {
        var leaving = Program.start(Launch.of(Parent.class, 600, "exits"));
        String child = leaving.awaitLine("^child (\\d+)$").group(1);
        assertThat(leaving.exitCode()).isEqualTo(3);
        assertThatThrownBy(leaving::close)
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("left behind")
                .hasMessageContaining(child + " ");
        leaving.close();
        assertThat(leaving.children()).isEmpty();
    }

    @Test
    void close_isContentWithAChildThatGoesByItself() {
        var leaving = Program.start(Launch.of(Parent.class, 1, "exits"));
        leaving.awaitLine("^child");
        leaving.close();
        assertThat(leaving.children()).isEmpty();
    }

    @Test
    void awaitLine_failsAtOnce_whenTheProgramHasEnded() {
        try (var gone = Program.start(Launch.of(Parent.class, 0, "exits"))) {
            assertThatThrownBy(() -> gone.awaitLine("never printed"))
                    .isInstanceOf(AssertionError.class)
                    .hasMessageContaining("0 of 1 lines with /never printed/; the program exited with 3");
        }
    }

    @Test
    void awaitLines_countsLines() {
        assertThat(waiting.awaitLines("l", 2)).hasSize(2);
        waiting.kill();
        assertThatThrownBy(() -> waiting.awaitLines("l", 3)).hasMessageContaining("2 of 3 lines");
    }

    @Test
    void signals_reachTheProgram() {
        waiting.port();
        waiting.interrupt();
        assertThat(waiting.exitCode()).isEqualTo(130);
        try (var group = Program.start(Launch.of(Parent.class, 600, "waits").inOwnGroup())) {
            group.port();
            group.interruptGroup();
            assertThat(group.exitCode()).isEqualTo(130);
            assertThat(group.children()).isEmpty();
        }
    }

    /** As in a background job of a script, or under nohup. */
    @Test
    void signalsThatTheStarterIgnores_reachTheProgram() throws Exception {
        var command = new ArrayList<>(List.of("sh", "-c", "trap '' INT HUP; exec \"$@\"", "sh"));
        command.addAll(Launch.of(Parent.class, 600, "waits").commandLine());
        var process = new ProcessBuilder(command).start();
        try {
            assertThat(process.inputReader(UTF_8).readLine()).startsWith("child ");
            Signals.send("HUP", process.pid());
            assertThat(process.waitFor()).isEqualTo(129);
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
    }
}
