package dev.shunt.tests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shunt.testing.Gate;
import dev.shunt.testing.Launch;
import dev.shunt.testing.LineClient;
import dev.shunt.testing.Program;
import dev.shunt.testing.Programs;
import dev.shunt.tests.programs.Errands;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tasks in Workerman's face: a worker that listens, in one child, asks another one, in two others. */
@Tag("processes")
class WorkerTasksTest {

    @RegisterExtension
    static final Programs programs = new Programs();

    @TempDir
    Path directory;

    private final Gate gate = new Gate();

    @AfterEach
    void closeGate() {
        gate.close();
    }

    private Program start() {
        return programs.start(Errands.class, "--gate", gate.port());
    }

    @Test
    void askedForByAMessage_runInAnotherProcess_andAnswered() {
        var program = start();
        try (var client = new LineClient(program.port())) {
            String front = client.ask("where");
            assertThat(client.ask("task pid")).startsWith("done ").doesNotContain(front);
            assertThat(client.ask("task id")).matches("done [01]");
            assertThat(client.ask("sum 41")).isEqualTo("done 42");
            assertThat(client.ask("wait pid")).startsWith("done ");
            assertThat(client.ask("task fail no mail server")).isEqualTo("failed no mail server");
            assertThat(client.ask("task unheard")).startsWith("failed ").contains("unheard");
        }
        assertThat(program.children()).hasSize(3);
        assertThat(program.stop()).isZero();
    }

    @Test
    void programOfTheDocs_answersWithTheResult_orTheReason() {
        try (var client = new LineClient(
                programs.start(Launch.of("dev.shunt.tests.programs.MailFront")).port())) {
            assertThat(client.ask("ciao")).isEqualTo("sent ciao");
            assertThat(client.ask("")).isEqualTo("not sent: nothing to send");
        }
    }

    @Test
    void withoutACallback_onFinishHears_whereItWasAskedFor() {
        var program = start();
        try (var client = new LineClient(program.port())) {
            String front = client.ask("where");
            assertThat(client.ask("quietly second")).isEqualTo("task true");
            assertThat(program.awaitLine("failed .*attempt 1.* in (\\d+)").group(1))
                    .isEqualTo(front);
            client.ask("quietly id");
            assertThat(program.awaitLine("finished [01] in (\\d+)").group(1)).isEqualTo(front);
        }
    }

    @Test
    void failedTask_isRunAgain_ifItsOptionsAllow() {
        try (var client = new LineClient(start().port())) {
            assertThat(client.ask("retry second")).isEqualTo("done attempt 2");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"IN_PROCESS", "CHILDREN"})
    void deadLetters_areListedRunAgainAndDiscarded_whereverHandlersRun(String front) {
        var program = programs.start(Errands.class, "--front", front);
        try (var client = new LineClient(program.port())) {
            assertThat(client.ask("retry fail for good")).isEqualTo("failed for good");
            assertThat(client.ask("stats")).isEqualTo("1 failed, 1 dead");
            String letters = client.ask("dead");
            assertThat(letters).matches("dead \\[\\d+]");
            String id = letters.replaceAll("\\D", "");
            assertThat(client.ask("rerun " + id)).isEqualTo("rerun true");
            program.awaitLine("failed .*for good.* in \\d+");
            assertThat(client.ask("discard " + id)).isEqualTo("discard true");
            assertThat(client.ask("discard " + id)).isEqualTo("discard false");
            assertThat(client.ask("stats")).isEqualTo("2 failed, 0 dead");
        }
    }

    @Test
    void taskOfATask_isAnsweredToIt() {
        try (var client = new LineClient(start().port())) {
            assertThat(client.ask("task nested pid")).startsWith("done done ");
        }
    }

    @Test
    void killedChild_itsTaskIsLost_orRunAgain() {
        var program = start();
        try (var client = new LineClient(program.port())) {
            client.send("task gate");
            ProcessHandle.of(pid(gate.await().who())).orElseThrow().destroyForcibly();
            assertThat(client.read()).isEqualTo("lost");

            client.send("retry gate");
            ProcessHandle.of(pid(gate.await().who())).orElseThrow().destroyForcibly();
            var second = gate.await();
            assertThat(second.who()).startsWith("attempt 2 ");
            second.release("through");
            assertThat(client.read()).isEqualTo("done through");
        }
    }

    @Test
    void fullQueue_rejects() {
        try (var client = new LineClient(
                programs.start(Errands.class, "--gate", gate.port(), "--queue", 1, "--count", 1, "--task-processes", 1)
                        .port())) {
            client.send("task gate");
            var visitor = gate.await();
            client.send("task pid").send("task pid").send("task pid");
            assertThat(client.read()).startsWith("rejected the queue is full");
            visitor.release("through");
            assertThat(client.read(3)).contains("done through");
        }
    }

    @Test
    void durableTask_outlivesTheProgram_andOnFinishHears_inTheManager() {
        Object[] arguments = {"--gate", gate.port(), "--log", directory.resolve("tasks.db")};
        var first = programs.start(Errands.class, arguments);
        try (var client = new LineClient(first.port())) {
            assertThat(client.ask("durable gate")).isEqualTo("stored");
            gate.await();
            first.kill();
        }
        first.exitCode();

        var second = programs.start(Errands.class, arguments);
        gate.await().release("after all");

        assertThat(second.awaitLine("finished after all in (\\d+)").group(1)).isEqualTo(String.valueOf(second.pid()));
        assertThat(second.stop()).isZero();
    }

    private static long pid(String visitor) {
        return Long.parseLong(visitor.substring(visitor.lastIndexOf(' ') + 1));
    }
}
