package dev.shunt.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.shunt.testing.Gate;
import dev.shunt.testing.Program;
import dev.shunt.testing.Programs;
import dev.shunt.tests.programs.Workbench;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** What the log kept of one run of a program, in the next. */
@Tag("processes")
class DurableTasksTest {

    @RegisterExtension
    static final Programs programs = new Programs();

    @TempDir
    Path directory;

    private final Gate gate = new Gate();

    @AfterEach
    void closeGate() {
        gate.close();
    }

    private Program start(Object... arguments) {
        var program = programs.start(
                Workbench.class,
                Stream.concat(
                                Stream.of(
                                        "--task-workers",
                                        2,
                                        "--log",
                                        directory.resolve("tasks.db"),
                                        "--gate",
                                        gate.port(),
                                        "--max-wait-millis",
                                        500),
                                Stream.of(arguments))
                        .toArray());
        program.port();
        return program;
    }

    /** Submits one that follows it, and waits until it is stored. */
    private static long stored(WorkbenchClient client, String command) {
        long id = client.task("handle " + command);
        client.await("stored " + id + " well @.*");
        return id;
    }

    @Test
    void killedManager_itsTasksRunInTheNext_andResultsComeWithTheirContext() {
        var first = start();
        long waiting;
        long running;
        long typed;
        try (var client = new WorkbenchClient(first.port())) {
            waiting = stored(client, "durability=DISK,context=w,delay=8000 echo waited");
            running = stored(client, "durability=SYNC,context=r gate first");
            gate.await();
            typed = client.task("sum durability=SYNC,context=s,delay=8000 41");
            client.await("stored " + typed + " well @.*");
            first.kill();
            assertThat(first.exitCode()).isEqualTo(137);
        }
        var second = start();
        gate.await().release();

        second.awaitLine("^orphan finish done " + running + " passed first \\(r\\) @");
        second.awaitLine("^orphan finish done " + waiting + " waited \\(w\\) @");
        second.awaitLine("^orphan finish done " + typed + " 42 \\(s\\) @");
        try (var client = new WorkbenchClient(second.port())) {
            assertThat(client.task("handle durability=SYNC echo new")).isGreaterThan(typed);
        }
    }

    @Test
    void attempts_areKept_andSoAreDeadLetters() {
        var first = start();
        long failing;
        long dead;
        try (var client = new WorkbenchClient(first.port())) {
            dead = stored(client, "durability=DISK throw for good");
            client.await("result failed " + dead + " .*");
            failing = stored(client, "durability=DISK,retries=1,backoff=100000,context=f throw again");
            client.send("times 1 ping");
            awaitRetried(client);
            first.kill();
        }
        var second = start();
        try (var client = new WorkbenchClient(second.port())) {
            client.send("dead -1 10");
            client.await("dead \\[" + dead + " FAILED after 1 throw for good: .*] @.*");
            assertThat(client.ask("stats", "\\{.*}")).contains("\"dead\":1,").contains("\"queued\":1,");

            client.send("rerun - " + dead);
            client.await("rerun true @.*");
            client.await("unfinished failed " + dead + " .*");
            client.send("discard - " + dead);
            client.await("discarded true @.*");
        }
        assertThat(failing).isGreaterThan(dead);
    }

    private static void awaitRetried(WorkbenchClient client) {
        await().until(() -> client.ask("stats", "\\{.*}").contains("\"retried\":1,"));
    }

    @Test
    void taskThatRunsAtTheDeadlineOfTheStop_isKept_andRunsInTheNext() {
        var first = start();
        long id;
        try (var client = new WorkbenchClient(first.port())) {
            id = stored(client, "durability=DISK,context=k gate held");
            gate.await();
            client.send("shutdown");
            client.await("result lost " + id + " .*the log keeps the task.*");
            assertThat(first.exitCode()).isZero();
        }
        var second = start();
        gate.await().release();

        second.awaitLine("^orphan finish done " + id + " passed held \\(k\\) @");
    }

    @Test
    void killedManager_itsUniqueKeysAreHeldInTheNext_whereANewTaskReplacesTheOld() {
        var first = start();
        try (var client = new WorkbenchClient(first.port())) {
            stored(client, "durability=DISK,unique=r:REPLACE,delay=3600000 echo old");
            stored(client, "durability=DISK,unique=d:DROP,delay=3600000 echo kept");
            first.kill();
            assertThat(first.exitCode()).isEqualTo(137);
        }
        var second = start();
        try (var client = new WorkbenchClient(second.port())) {
            long dropped = client.task("handle unique=d:DROP echo dropped");
            client.await("result rejected " + dropped + " .*unique key 'd'.*");
            long replacing = client.task("handle unique=r:REPLACE echo new");
            client.await("result done " + replacing + " new.*");
            await().until(() -> client.ask("stats", "\\{.*}").contains("\"queued\":1,"));
        }
    }
}
