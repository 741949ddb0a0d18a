package dev.shunt.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.shunt.control.Health;
import dev.shunt.testing.Gate;
import dev.shunt.testing.LineClient;
import dev.shunt.testing.Program;
import dev.shunt.testing.Programs;
import dev.shunt.tests.programs.Ailing;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** What {@code /health/live} and {@code /health/ready} say in each state; a loop that is held up is {@link ServiceManagerTest}'s. */
@Tag("processes")
class HealthTest {

    @RegisterExtension
    static final Programs programs = new Programs();

    private final Gate starts = new Gate();
    private final Gate tasks = new Gate();

    @TempDir
    Path directory;

    @Test
    void eachState_isToldAsTheTableHasIt() throws IOException {
        try (starts;
                tasks) {
            var program = programs.start(Ailing.class, directory, starts.port(), tasks.port());
            var child = starts.await();
            await().until(() -> Files.exists(directory.resolve("control")));
            unready("starting", "the program is starting");
            child.release();
            program.port();
            ready();
            try (var client = new LineClient(program.port())) {
                full(client);
                paused();
                logWithoutRoom(client);
                withoutChild(program);
                stopping(program, client);
            }
        }
    }

    private void full(LineClient client) {
        client.ask("first");
        var running = tasks.await();
        ready(); // its only slot is busy
        client.ask("second");
        client.ask("third");
        unready("running", "the queue of group task is full");
        running.release();
        tasks.await().release();
        tasks.await().release();
        ready();
    }

    private void paused() {
        control().post("/api/v1/groups/task/pause", "");
        ready();
        control().post("/api/v1/groups/task/resume", "");
    }

    private void logWithoutRoom(LineClient client) throws IOException {
        var full = Files.createFile(directory.resolve("full"));
        client.ask("keep");
        unready("running", "the task log cannot be written: there is no room");
        Files.delete(full);
        client.ask("keep");
        tasks.await().release();
        ready();
    }

    private void withoutChild(Program program) {
        program.children().getFirst().destroyForcibly();
        var successor = starts.await();
        unready("running", "group task has no child that is ready");
        successor.release();
        ready();
    }

    private void stopping(Program program, LineClient client) {
        client.ask("last");
        var running = tasks.await();
        program.terminate();
        unready("stopping", "the program is stopping");
        running.release();
        assertThat(program.exitCode()).isZero();
    }

    private void ready() {
        await().atMost(Program.PATIENCE)
                .until(() -> control().get("/health/ready").status() == 200);
        assertThat(control().get("/health/ready").as(Health.class)).isEqualTo(new Health(true, "running", List.of()));
        live();
    }

    private void unready(String state, String problem) {
        await().atMost(Program.PATIENCE)
                .until(() -> control().get("/health/ready").status() == 503);
        var health = control().get("/health/ready").as(Health.class);
        assertThat(health.ok()).isFalse();
        assertThat(health.state()).isEqualTo(state);
        assertThat(health.problems()).singleElement().asString().contains(problem);
        live();
    }

    private ControlSocket control() {
        return new ControlSocket(directory.resolve("control"));
    }

    private void live() {
        assertThat(control().get("/health/live").status()).isEqualTo(200);
    }
}
