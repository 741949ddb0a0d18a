package dev.shunt.process;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.shunt.time.Clock;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A manager as a process of its own, in a process group of its own, with two children that share its output. */
@Tag("alone")
@Tag("processes")
class ManagerDeathTest {

    @TempDir
    Path directory;

    @TempDir
    Path other;

    private Process manager;
    private BufferedReader output;

    @BeforeEach
    void start() throws IOException {
        var command = new ArrayList<>(List.of("setsid", "env", "--default-signal=INT"));
        command.addAll(LaunchCommand.ofMainClass(TestManager.class, directory.toString(), "2")
                .through(other.resolve("arguments"), List.of()));
        // The output of cat ends when the manager and its children have ended, that of a Process with that process.
        var both = ProcessBuilder.startPipeline(
                List.of(new ProcessBuilder(command).redirectErrorStream(true), new ProcessBuilder("cat")));
        manager = both.getFirst();
        output = both.getLast().inputReader(UTF_8);
        assertThat(readUntilReady()).isTrue();
        assertThat(readUntilReady()).isTrue();
    }

    @AfterEach
    void end() {
        manager.destroyForcibly();
    }

    @Test
    void killedManager_leavesNeitherChildrenNorFiles() throws Exception {
        var clock = Clock.system();
        long killedAt = clock.nanoTime();
        manager.destroyForcibly().waitFor();
        assertThat(output.lines()).noneMatch(line -> line.contains("Exception"));
        assertThat(Duration.ofNanos(clock.nanoTime() - killedAt)).isLessThan(Duration.ofSeconds(20));
        assertThat(directory).isEmptyDirectory();
    }

    @Test
    void killedManagerAndChildren_leaveADirectoryThatTheNextManagerDeletes() throws Exception {
        signalGroup("KILL");
        assertThat(manager.waitFor()).isEqualTo(137);
        await().until(() -> {
            RunDirectory.create(directory).close();
            var left = directory.toFile().list();
            return left != null && left.length == 0;
        });
    }

    /** Ctrl+C goes to the manager and to its children; they leave it to the manager what comes of it. */
    @Test
    void interruptOfTheWholeGroup_endsInOrder() throws Exception {
        signalGroup("INT");
        assertThat(output.lines())
                .contains("down 0 serial 1 exit code 0", "down 1 serial 2 exit code 0", "ended in order");
        assertThat(manager.waitFor()).isZero();
        assertThat(directory).isEmptyDirectory();
    }

    private boolean readUntilReady() throws IOException {
        for (var line = output.readLine(); line != null; line = output.readLine()) {
            if (line.startsWith("ready ")) {
                return true;
            }
        }
        return false;
    }

    private void signalGroup(String name) throws IOException, InterruptedException {
        var kill = new ProcessBuilder("kill", "-" + name, "--", "-" + manager.pid())
                .inheritIO()
                .start();
        assertThat(kill.waitFor()).isZero();
    }
}
