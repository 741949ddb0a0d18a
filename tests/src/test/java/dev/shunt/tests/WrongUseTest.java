package dev.shunt.tests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shunt.testing.Program;
import dev.shunt.testing.Programs;
import dev.shunt.tests.programs.TaskServer;
import dev.shunt.tests.programs.WrongUse;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Programs that cannot run say what is wrong and what to do, exit with an error, and leave nothing running. */
@Tag("processes")
class WrongUseTest {

    @RegisterExtension
    static final Programs programs = new Programs();

    @TempDir
    Path directory;

    private Program start(String wrong, int port) {
        return programs.start(WrongUse.class, wrong, port, directory.resolve("first"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "unknown-scheme | gopher://127.0.0.1:0 | known are .*frame.*tcp.*text.*websocket.* Worker\\.protocol",
                "https          | https://127.0.0.1:0 | needs a certificate.* worker\\.ssl\\(",
                "negative       | count(-1)           | give 1 or more",
                "no-address     | 127.0.0.1:0          | scheme://host:port",
                "no-worker      | no worker            | new Worker\\(",
                "same-name-twice| named 'mail'         | give each its own name",
                "more-processes-than-slots | 3 processes for 2 slots | give 1 to 2",
                "on-task        | onTask is missing    | server\\.onTask\\(",
                "two-for-tasks  | mails and reports    | handle\\(",
                "tasks-and-address | text://127.0.0.1:0 | of their own: new Worker\\(\\)",
                "schedule       | 'nightly' | 99 not in range",
                "on-receive     | onReceive is missing | server\\.onReceive\\(",
            })
    void wrongPlan_isRefused_beforeAnythingIsForked(String wrong, String what, String remedy) {
        var program = start(wrong, 0);
        assertThat(program.exitCode()).isNotZero();
        assertThat(program.errors())
                .anySatisfy(line -> assertThat(line).contains(what).containsPattern(remedy));
        assertThat(program.errors()).noneMatch(line -> line.contains("io.netty"));
        assertThat(program.lines()).as("nothing started").isEmpty();
        assertNothingIsLeft(program);
    }

    @Test
    void portInUse_isNamed_withTheRemedy() throws IOException {
        try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            var program = start("port", taken.getLocalPort());
            assertThat(program.exitCode()).isNotZero();
            assertThat(program.errors())
                    .anySatisfy(line -> assertThat(line)
                            .contains("127.0.0.1:" + taken.getLocalPort())
                            .containsPattern("in use|taken"));
            assertThat(program.errors()).noneMatch(line -> line.contains("io.netty"));
            assertNothingIsLeft(program);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "other-shape        | 3 slots          | 2 slots",
                "child-main-throws  | no configuration | exit",
                "child-main-returns | runAll           | child",
                "jvm-option         | NoSuchOption     | child",
                "worker-start       | no database      | IllegalStateException",
            })
    void childThatCannotRun_endsTheProgram_withTheReason(String wrong, String what, String more) {
        var program = start(wrong, 0);
        assertThat(program.exitCode()).isNotZero();
        String errors = String.join("\n", program.errors());
        assertThat(errors).containsPattern(what).containsPattern(more).doesNotContain("io.netty");
        assertThat(program.lines()).as("never accepted").noneMatch(line -> line.startsWith("listening"));
        assertNothingIsLeft(program);
    }

    @ParameterizedTest
    @ValueSource(strings = {"worker-start-in-process", "worker-start-on-loop"})
    void workerThatCannotStartInTheManager_endsTheProgram_withTheReason(String wrong) {
        var program = start(wrong, 0);
        assertThat(program.exitCode()).isNotZero();
        assertThat(String.join("\n", program.errors())).contains("no database");
        assertThat(program.lines()).as("never accepted").noneMatch(line -> line.startsWith("listening"));
    }

    @Test
    void taskWithoutTaskWorkers_throwsWhereItIsCalled_withTheRemedy() {
        var program = programs.start(TaskServer.class, "--task-workers", 0);
        try (var client = new TaskClient(program.port())) {
            assertThat(client.ask("task echo a")).startsWith("refused ").contains("taskWorkerNum");
            assertThat(client.ask("ping")).isEqualTo("pong");
        }
        assertThat(program.stop()).isZero();
    }

    private static void assertNothingIsLeft(Program program) {
        assertThat(program.children()).isEmpty();
        assertThat(RunDirectories.in(programs.directory())).isEmpty();
    }
}
