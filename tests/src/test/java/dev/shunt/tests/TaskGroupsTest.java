package dev.shunt.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.shunt.testing.Gate;
import dev.shunt.testing.LineClient;
import dev.shunt.testing.Program;
import dev.shunt.testing.Programs;
import dev.shunt.testing.Visitor;
import dev.shunt.tests.programs.Bulkheads;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/** Two groups of task slots in one program, in either face: nothing that one does is in the other's way. */
@Tag("processes")
@ParameterizedClass
@ValueSource(strings = {"server", "worker"})
class TaskGroupsTest {

    @RegisterExtension
    static final Programs programs = new Programs();

    private final String face;

    private final Gate gate = new Gate();

    @TempDir
    Path directory;

    TaskGroupsTest(String face) {
        this.face = face;
    }

    @AfterEach
    void closeGate() {
        gate.close();
    }

    private Program start(Object... arguments) {
        return programs.start(
                Bulkheads.class,
                Stream.concat(Stream.of("--face", face, "--gate", gate.port()), Stream.of(arguments))
                        .toArray());
    }

    private static List<Visitor> fill(Gate gate, LineClient client) {
        client.send("task gate").send("task gate").send("task gate");
        return gate.await(2);
    }

    private static long pid(Visitor visitor) {
        return Long.parseLong(visitor.who().substring(visitor.who().lastIndexOf(' ') + 1));
    }

    @Test
    void fullGroup_delaysNoTaskOfTheOther() {
        try (var client = new LineClient(start().port())) {
            var slow = new ArrayList<>(fill(gate, client));

            assertThat(client.ask("mail echo swift")).matches("done \\d+ swift");
            assertThat(client.ask("stats")).isEqualTo("3 slots, 2 running, 1 queued of 200000");

            slow.removeFirst().release();
            slow.add(gate.await());
            slow.forEach(Visitor::release);
            assertThat(client.read(3)).allMatch(line -> line.matches("done \\d+ task .*"));
        }
    }

    @Test
    void fullQueueOfOneGroup_leavesRoomInTheOther() {
        try (var client = new LineClient(start("--queue", 1).port())) {
            fill(gate, client);

            assertThat(client.ask("task echo more")).matches("rejected \\d+ the queue is full.*");
            assertThat(client.ask("mail echo swift")).matches("done \\d+ swift");
        }
    }

    @Test
    void eachGroup_hasItsOwnProcesses_andJvmOptions() {
        var program = start();
        try (var client = new LineClient(program.port())) {
            String mail = client.ask("mail where");
            String task = client.ask("task where");

            assertThat(mail).matches("done \\d+ mail bulkhead mail pid \\d+");
            assertThat(task).matches("done \\d+ task bulkhead null pid \\d+");
            assertThat(mail.replaceAll(".* ", "")).isNotEqualTo(task.replaceAll(".* ", ""));
        }
        assertThat(program.children()).hasSize(2);
        assertThat(program.stop()).isZero();
    }

    @Test
    void slots_areThoseOfTheGroup() {
        try (var client = new LineClient(start().port())) {
            assertThat(client.ask("mail-at 0 echo first")).matches("done \\d+ first");
            assertThat(client.ask("mail-at 1 echo none"))
                    .isEqualTo("refused there is no slot 1 in group mail; its slots are 0 to 0");
        }
    }

    @Test
    void killedChild_takesNoTaskOfTheOtherGroup_withIt() {
        try (var client = new LineClient(start().port())) {
            client.send("mail gate");
            var mail = gate.await();
            client.send("task gate");
            var task = gate.await();

            ProcessHandle.of(pid(mail)).orElseThrow().destroyForcibly();
            assertThat(client.read()).matches("lost \\d+ .*");
            task.release("through");
            assertThat(client.read()).matches("done \\d+ task through");
            assertThat(client.ask("mail echo again")).matches("done \\d+ again");
        }
    }

    @Test
    void tasksOfOneGroup_askTheOther() {
        try (var client = new LineClient(start().port())) {
            assertThat(client.ask("task nested where"))
                    .matches("done \\d+ nested done \\d+ mail bulkhead mail pid \\d+");
            assertThat(client.ask("mail nested where"))
                    .matches("done \\d+ nested done \\d+ task bulkhead null pid \\d+");
        }
    }

    @Test
    void killedProgram_itsTasksGoOn_eachInItsGroup() {
        Object[] log = {"--log", directory.resolve("tasks.db")};
        var first = start(log);
        try (var client = new LineClient(first.port())) {
            assertThat(client.ask("durable-task gate")).isEqualTo("stored");
            gate.await();
            assertThat(client.ask("durable-mail gate")).isEqualTo("stored");
            gate.await();
            assertThat(client.ask("durable-mail echo last")).isEqualTo("stored");
            first.kill();
        }
        first.exitCode();

        var second = start(log);
        var visitors = gate.await(2);
        assertThat(visitors)
                .extracting(visitor -> visitor.who().replaceAll(" .*", ""))
                .containsExactlyInAnyOrder("task", "mail");
        try (var client = new LineClient(second.port())) {
            assertThat(client.ask("stats")).isEqualTo("3 slots, 2 running, 1 queued of 200000");
        }
        visitors.forEach(visitor -> visitor.release("after all"));

        second.awaitLine("^finished task after all$");
        second.awaitLine("^finished mail after all$");
        second.awaitLine("^finished last$");
        assertThat(second.stop()).isZero();
        assertThat(second.errors()).noneMatch(line -> line.contains("stays in the log"));
    }

    @Test
    void deadLetters_ofBothGroups_runAgain_eachInItsGroup() {
        var program = start();
        try (var client = new LineClient(program.port())) {
            long task = failed(client, "dead-task fail for good");
            long mail = failed(client, "dead-mail fail for good");
            await().until(() -> client.ask("dead").equals("[" + task + ", " + mail + "]"));

            assertThat(client.ask("rerun " + mail)).isEqualTo("rerun true");
            program.awaitLine("^failed failed " + mail + " .*mail 2 for good");
            assertThat(client.ask("rerun " + task)).isEqualTo("rerun true");
            program.awaitLine("^failed failed " + task + " .*task 2 for good");
        }
    }

    private static long failed(LineClient client, String command) {
        String answer = client.ask(command);
        assertThat(answer).startsWith("failed ");
        return Long.parseLong(answer.split(" ", -1)[1]);
    }
}
