package dev.shunt.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.shunt.testing.LineClient;
import dev.shunt.testing.Program;
import dev.shunt.testing.Programs;
import dev.shunt.tests.programs.Lives;
import java.io.UncheckedIOException;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a program hears of its processes, in both faces. */
@Tag("processes")
class LivesTest {

    @RegisterExtension
    static final Programs programs = new Programs();

    @ParameterizedTest
    @ValueSource(strings = {"server", "worker"})
    void hooks_comeInTheirOrder(String face) {
        var program = programs.start(Lives.class, "--face", face);
        try (var client = new LineClient(program.port())) {
            assertThat(client.ask("hello")).startsWith("pid ");
            boolean server = face.equals("server");
            int processes = server ? 3 : 2; // one is the program's own
            assertThat(lines(program, "process starts in ")).hasSize(processes).doesNotHaveDuplicates();
            assertThat(lines(program, "worker starts in ").size()).isGreaterThan(processes);
            if (server) {
                program.awaitLine("own process runs in \\d+");
            }
            client.ask("reload");
            program.awaitLine("after reload in " + program.pid());
            assertThat(lines(program, "before reload in ")).containsExactly("before reload in " + program.pid());
            program.awaitLines("^process starts in ", 2 * processes);
            assertThat(lines(program, "process starts in "))
                    .hasSize(2 * processes)
                    .doesNotHaveDuplicates();
            if (server) {
                program.awaitLines("own process is interrupted in \\d+", 1);
                program.awaitLines("own process runs in \\d+", 2);
            }
        }
        assertThat(program.stop()).isZero();
        assertThat(lines(program, "before shutdown in ")).containsExactly("before shutdown in " + program.pid());
    }

    private static List<String> lines(Program program, String start) {
        return program.lines().stream().filter(line -> line.startsWith(start)).toList();
    }

    @ParameterizedTest
    @ValueSource(strings = {"server", "worker"})
    void child_thatHasRunEnough_isReplaced_noConnectionCloses(String face) {
        var program = programs.start(Lives.class, "--face", face, "--max-request", 20);
        try (var client = new LineClient(program.port())) {
            var pids = new HashSet<String>();
            await().until(
                            () -> { // however long their successors take to start
                                for (int i = 0; i < 20; i++) {
                                    pids.add(client.ask("message " + i));
                                }
                                return pids.size() >= 3;
                            });
        }
        assertThat(program.errors()).noneMatch(line -> line.contains("killed"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"server", "worker"})
    void child_thatHasTooMuchInMemory_isReplaced_noConnectionCloses(String face) {
        var program = programs.start(Lives.class, "--face", face, "--max-megabytes", 512);
        try (var client = new LineClient(program.port())) {
            String full = client.ask("grow");
            await().until(() -> !client.ask("hello").equals(full));
        }
        assertThat(program.errors()).noneMatch(line -> line.contains("killed"));
    }

    @Test
    void childWithItsSockets_thatHasRunEnough_isReplaced_andSaysGoodbye() {
        var program = programs.start(Lives.class, "--face", "worker", "--max-request", 20, "--sockets", "in_child");
        var pids = new HashSet<String>();
        try (var open = new LineClient(program.port())) {
            String pid = open.ask("message");
            await().until(() -> {
                askOnce(program.port()).ifPresent(pids::add);
                return pids.size() >= 4 && hasLeft(program, pid);
            });
            assertThat(open.awaitClose()).isEmpty();
        }
        assertThat(program.errors()).noneMatch(line -> line.contains("killed"));
    }

    /** Its connection ends when what has come is answered; whoever connects just as a child stops listening may be cut. */
    private static Optional<String> askOnce(int port) {
        try (var client = new LineClient(port)) {
            return Optional.of(client.ask("message"));
        } catch (UncheckedIOException | AssertionError e) {
            return Optional.empty();
        }
    }

    private static boolean hasLeft(Program program, String pid) {
        return program.children().stream().noneMatch(child -> pid.equals("pid " + child.pid()));
    }
}
