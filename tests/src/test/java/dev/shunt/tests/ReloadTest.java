package dev.shunt.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.shunt.testing.Gate;
import dev.shunt.testing.Launch;
import dev.shunt.testing.LineClient;
import dev.shunt.testing.Program;
import dev.shunt.testing.Programs;
import dev.shunt.testing.Signals;
import dev.shunt.tests.programs.Ledger;
import dev.shunt.tests.programs.Talk;
import dev.shunt.tests.programs.TaskServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Children replaced by new ones while there is work: nothing is lost, nothing runs twice, no connection is closed. */
@Tag("processes")
class ReloadTest {

    private static final String SOURCE = """
            import dev.shunt.server.Server;

            void main() {
                var server = new Server("127.0.0.1", 0);
                server.set(settings -> settings.taskWorkerNum(1));
                server.onReceive((connection, data) -> {
                    if (data.text().startsWith("reload")) {
                        server.reload();
                        connection.send("reloading\\n");
                    } else {
                        server.task(data, result -> connection.send(result + "\\n"));
                    }
                });
                server.onTask(task -> "the old answer");
                server.onStart(() -> IO.println("listening on " + server.endpoint().hostAndPort()));
                server.start();
            }
            """;

    @RegisterExtension
    static final Programs programs = new Programs();

    @TempDir
    Path directory;

    private final Gate gate = new Gate();

    @AfterEach
    void closeGate() {
        gate.close();
    }

    @Test
    void reload_underLoad_everyTaskIsDoneOnce_inOldChildrenOrNew() {
        var ledger = directory.resolve("ledger");
        var program = programs.start(TaskServer.class, "--task-workers", 4, "--task-processes", 2, "--ledger", ledger);
        try (var client = new TaskClient(program.port())) {
            var before = pids(program);
            int tasks = 0;
            client.send("reload");
            while (program.children().stream().anyMatch(child -> before.contains(child.pid()))) {
                client.send("times 100 spin-millis 1");
                tasks += 100;
                client.results(tasks - 100);
            }
            assertThat(client.results(tasks).values()).allMatch(result -> result.equals("done"));
            assertThat(Ledger.startedIds(ledger)).hasSize(tasks).doesNotHaveDuplicates();
            assertThat(program.children()).hasSize(2);
        }
        assertThat(program.stop()).isZero();
    }

    @Test
    void reload_runningTaskFinishesInItsOldChild_laterOnesRunInTheNew() {
        var program = programs.start(TaskServer.class, "--task-workers", 1, "--gate", gate.port());
        try (var client = new TaskClient(program.port())) {
            String before = client.run("pid");
            long running = client.submit("gate then pid");
            var visitor = gate.await();
            client.send("reload");
            var queued = LongStream.range(0, 3)
                    .map(_ -> client.submit("pid"))
                    .boxed()
                    .toList();
            visitor.release("pid");
            assertThat(client.result(running)).isEqualTo(before);
            assertThat(queued).extracting(client::result).allMatch(result -> result.startsWith("done "));
            await().until(() -> !client.run("pid").equals(before));
            await().until(() -> program.children().size() == 1);
        }
    }

    @Test
    void reload_connectionsStayOpen_andGoOnInTheNewChild() throws Exception {
        var program = programs.start(Talk.class, "--count", 2);
        try (var client = new TalkClient(program);
                var pinger = new Pinger(new TalkClient(program).lines())) {
            long before = client.pid();
            client.send("reload");
            await().until(() -> client.pid() != before);
            pinger.awaitMore(10);
            await().until(() -> program.children().size() == 1);
        }
        program.awaitLines("worker \\d+ stops", 2);
        assertThat(program.lines().stream().filter(line -> line.matches("worker \\d+ starts")))
                .hasSize(4);
        assertThat(program.lines().stream().filter(line -> line.matches("worker \\d+ stops")))
                .hasSize(2);
    }

    @Test
    void reload_runningMessageEndsInTheOldChild_theNextOnesRunInTheNew_inOrder() {
        var program = programs.start(Talk.class, "--count", 2, "--gate", gate.port());
        try (var running = new TalkClient(program);
                var other = new TalkClient(program)) {
            long before = other.pid();
            running.send("gate a").send("where").send("echo last");
            var visitor = gate.await();
            assertThat(visitor.who()).contains(" pid " + before + " ");
            other.send("reload");
            await().atMost(Program.PATIENCE).until(() -> other.pid() != before);
            visitor.release();
            assertThat(running.read()).isEqualTo("go");
            assertThat(running.read()).doesNotContain(" pid " + before + " ");
            assertThat(running.read()).isEqualTo("last");
        }
    }

    @Test
    void reload_childWithACallback_hearsOfItsTask_beforeItEnds() {
        var program = startAsking(20_000);
        try (var client = new TaskClient(program.port())) {
            long id = client.submit("gate a");
            var visitor = gate.await();
            Signals.send("USR1", program.pid());
            program.awaitLines("worker 0 starts", 2);
            visitor.release();
            assertThat(client.result(id)).isEqualTo("done passed a");
            program.awaitLine("worker 0 stops");
        }
    }

    @Test
    void reload_resultsForAChildThatIsGone_goToOnTaskFailedOfItsSuccessor() {
        var program = startAsking(500);
        try (var client = new TaskClient(program.port())) {
            long id = client.submit("gate a");
            gate.await();
            Signals.send("USR1", program.pid());
            program.awaitLine("worker 0 stops");
            program.awaitLine("^on worker 0 task lost " + id);
        }
    }

    private Program startAsking(int maxWaitMillis) {
        return programs.start(
                TaskServer.class,
                "--placement",
                "children",
                "--workers",
                1,
                "--task-workers",
                1,
                "--gate",
                gate.port(),
                "--max-wait-millis",
                maxWaitMillis);
    }

    /** The JVM samples its threads by means of that signal. */
    @Test
    void usr2_whileTheFlightRecorderRuns_isTheRecorders() {
        var program = programs.start(Launch.of(TaskServer.class, "--task-workers", 1)
                .withOptions("-XX:StartFlightRecording:dumponexit=false"));
        try (var client = new TaskClient(program.port())) {
            String before = client.run("pid");
            Signals.send("USR2", program.pid());
            program.awaitLine("SIGUSR2 reloads nothing");
            Signals.send("USR2", program.pid());
            assertThat(client.run("pid")).isEqualTo(before);
        }
    }

    @Test
    void reload_newChildren_loadTheClassesOnDisk() throws IOException {
        var file = Files.writeString(directory.resolve("Answers.java"), SOURCE);
        var program = programs.start(Launch.java("-cp", System.getProperty("java.class.path"), file));
        try (var client = new LineClient(program.port())) {
            assertThat(client.ask("question")).contains("the old answer");
            Files.writeString(file, SOURCE.replace("the old answer", "a new answer"));
            assertThat(client.ask("reload")).isEqualTo("reloading");
            await().until(() -> client.ask("question").contains("a new answer"));
        }
    }

    @Test
    void reload_whileChildrenAreKilled_comesToAnEnd() {
        var program = programs.start(TaskServer.class, "--task-workers", 2, "--task-processes", 2);
        try (var client = new TaskClient(program.port())) {
            var before = pids(program);
            client.send("reload");
            program.children().getFirst().destroyForcibly();
            await().atMost(Program.PATIENCE)
                    .until(() ->
                            pids(program).size() == 2 && pids(program).stream().noneMatch(before::contains));
            assertThat(client.run("echo alive")).isEqualTo("done alive");
        }
        assertThat(program.stop()).isZero();
    }

    private static List<Long> pids(Program program) {
        return program.children().stream().map(ProcessHandle::pid).toList();
    }
}
