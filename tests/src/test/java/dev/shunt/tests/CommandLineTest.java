package dev.shunt.tests;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.shunt.remote.ControlException;
import dev.shunt.remote.Json;
import dev.shunt.remote.RunningPrograms;
import dev.shunt.testing.Launch;
import dev.shunt.testing.LineClient;
import dev.shunt.testing.Program;
import dev.shunt.testing.Programs;
import dev.shunt.tests.programs.Stubborn;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Programs that are asked, started and stopped by others. */
@Tag("processes")
class CommandLineTest {

    private static final String CTL = "dev.shunt.cli.Ctl";

    @RegisterExtension
    static final Programs programs = new Programs();

    private static Path place(String name) throws IOException {
        return Files.createDirectories(programs.directory().resolve(name));
    }

    /** In a place of its own, so that it is the only one there. */
    private static Program stubborn(Path place, Object... words) {
        return programs.start(Launch.of(Stubborn.class, words)
                .withOptions("-DLOG_LEVEL=info")
                .withEnvironment("XDG_RUNTIME_DIR", place.toString()));
    }

    private static Program ctl(Path place, Object... words) {
        return programs.start(Launch.of(CTL, words).withEnvironment("XDG_RUNTIME_DIR", place.toString()));
    }

    private static Json status(Path place) throws ControlException {
        return RunningPrograms.at(place)
                .one("")
                .client()
                .waiting(Program.PATIENCE)
                .get("/status")
                .orFail()
                .json();
    }

    @Test
    void everySlotInAnEndlessLoop_statusSaysWhatRunsSinceWhen_andOneIsCancelled() throws Exception {
        var place = place("endless");
        try (var client = new LineClient(stubborn(place).port())) {
            long first = Long.parseLong(client.ask("spin"));
            long second = Long.parseLong(client.ask("spin"));
            await().until(() -> status(place).list("running").size() == 2);
            var shown = ctl(place, "status");
            assertThat(shown.exitCode()).isZero();
            assertThat(shown.lines())
                    .anyMatch(line -> line.matches(first + " +untyped +task +\\d+ +\\d+ +[\\d.]+ s +20.*Z +1 .*"))
                    .anyMatch(line -> line.startsWith(second + " "));
            var cancelled = ctl(place, "cancel", first);
            assertThat(cancelled.exitCode()).isZero();
            assertThat(cancelled.lines())
                    .singleElement()
                    .asString()
                    .matches("task " + first + " is cancelled: it ran in process \\d+, and went on after it was"
                            + " interrupted, so that process has been replaced");
            assertThat(status(place).object("totals").number("cancelled")).isEqualTo(1);
            assertThat(ctl(place, "task", first).exitCode()).as("it is over").isEqualTo(1);
            assertThat(status(place).list("running"))
                    .extracting(task -> task.number("id"))
                    .containsExactly(second);
        }
    }

    @Test
    void managerIsKilled_isNotRunning_whateverHasItsPid() throws Exception {
        var place = place("killed");
        var program = stubborn(place);
        assertThat(program.port()).isPositive();
        var directory = RunningPrograms.at(place).one("").directory();
        Files.delete(directory.resolve("control"));
        var gone = ctl(place, "status");
        assertThat(gone.exitCode()).isEqualTo(1);
        assertThat(gone.errors()).anyMatch(line -> line.contains("runs, for its lock is held, but its socket"));
        program.kill();
        program.exitCode();
        var killed = ctl(place, "status", "--json");
        assertThat(killed.exitCode()).isEqualTo(3);
        assertThat(killed.lines()).isEmpty();
        assertThat(stubborn(place, "stop").exitCode()).isEqualTo(3);
    }

    @Test
    void severalPrograms_aTwo_withTheirPidsAndNames() throws Exception {
        var place = place("several");
        var first = stubborn(place);
        var second = programs.start(
                Launch.of("TaskWorker", "--port", 0).withEnvironment("XDG_RUNTIME_DIR", place.toString()));
        await().until(() -> RunningPrograms.at(place).found().stream()
                        .filter(one -> one.serves())
                        .count()
                == 2);
        var both = ctl(place, "status");
        assertThat(both.exitCode()).isEqualTo(2);
        assertThat(both.errors())
                .anyMatch(line -> line.contains("pid " + first.pid() + "  Stubborn"))
                .anyMatch(line -> line.contains("pid " + second.pid() + "  TaskWorker"));
        assertThat(ctl(place, "health", "--name", "TaskWorker").exitCode()).isZero();
        var other = programs.start(
                Launch.of("DurableQueue", "status").withEnvironment("XDG_RUNTIME_DIR", place.toString()));
        assertThat(other.exitCode())
                .as("it does not run, and was not asked for --store")
                .isEqualTo(3);
        var own = stubborn(place, "status");
        assertThat(own.exitCode()).isZero();
        assertThat(own.lines()).anyMatch(line -> line.startsWith("Stubborn  running  pid " + first.pid()));
    }

    @Test
    void severalOfTheSameProgram_areToldApartByTheirArguments() throws Exception {
        var place = place("same");
        stubborn(place);
        var second = stubborn(place, "--port", 0);
        await().until(() -> RunningPrograms.at(place).found().stream()
                        .filter(one -> one.serves())
                        .count()
                == 2);
        var unclear = stubborn(place, "status");
        assertThat(unclear.exitCode()).isEqualTo(2);
        assertThat(unclear.errors())
                .anyMatch(line -> line.contains("2 programs run here; give the arguments that it was started with"))
                .anyMatch(line -> line.contains("pid " + second.pid()));
        var clear = stubborn(place, "status", "--port", 0);
        assertThat(clear.exitCode()).isZero();
        assertThat(clear.lines()).anyMatch(line -> line.startsWith("Stubborn  running  pid " + second.pid()));
        assertThat(stubborn(place, "stop", "--port", 0).exitCode()).isZero();
        assertThat(second.exitCode()).isZero();
    }

    @Test
    void startDetached_returnsWhenItServes_secondIsRefused_stopWaits() throws Exception {
        var place = place("detached");
        var output = place.resolve("output");
        var starts = new ArrayList<Object>(List.of("start", "-d", "--log", output));
        var started = stubborn(place, starts.toArray());
        try {
            assertThat(started.exitCode())
                    .as(String.join("\n", started.errors()))
                    .isZero();
            var running = RunningPrograms.at(place).one("");
            assertThat(started.lines())
                    .first()
                    .asString()
                    .startsWith("Stubborn runs (pid " + running.pid() + ", since ")
                    .contains("tcp://127.0.0.1:");
            assertThat(Files.readString(output)).contains("listening on ");
            var process = ProcessHandle.of(running.pid()).orElseThrow();
            assertThat(Files.readString(Path.of("/proc/" + running.pid() + "/stat"))
                            .split("\\) ", 2)[1]
                            .split(" ", 5)[3])
                    .as("session")
                    .isEqualTo(String.valueOf(running.pid()));

            var second = stubborn(place, starts.toArray());
            assertThat(second.exitCode()).isEqualTo(1);
            assertThat(second.errors())
                    .contains("Stubborn: already running (pid " + running.pid() + ", since " + running.since() + ")");

            var reloaded = stubborn(place, "reload");
            assertThat(reloaded.exitCode()).isZero();
            assertThat(reloaded.lines()).anyMatch(line -> line.matches("task 0: pid \\d+ -> \\d+.*"));
            assertThat(reloaded.lines()).anyMatch(line -> line.matches("task 1: pid \\d+ -> \\d+.*"));

            var stopped = stubborn(place, "stop");
            assertThat(stopped.exitCode()).isZero();
            assertThat(process.isAlive()).isFalse();
            assertThat(stopped.lines()).last().asString().matches("Stubborn \\(pid \\d+\\) has stopped");
        } finally {
            RunningPrograms.at(place)
                    .found()
                    .forEach(left -> ProcessHandle.of(left.pid()).ifPresent(ProcessHandle::destroyForcibly));
        }
    }

    @Test
    void startDetached_thatFails_saysWhy() throws Exception {
        var place = place("failing");
        var occupied = stubborn(place);
        var failed = stubborn(place, "start", "-d", "--log", place.resolve("output"), "--port", occupied.port());
        assertThat(failed.exitCode()).isEqualTo(1);
        assertThat(failed.errors())
                .anyMatch(line -> line.startsWith("Stubborn: not started, it exited with 1"))
                .anyMatch(line -> line.contains("cannot listen on") || line.contains("in use"));
    }

    @Test
    void gracefulStop_withAClientForEver_saysSo_andIsBoundedByItsTimeout() throws Exception {
        var place = place("graceful");
        var program = stubborn(place);
        try (var client = new LineClient(program.port())) {
            client.ask("fail now");
            var stopped = ctl(place, "stop", "-g", "--timeout", 2);
            assertThat(stopped.exitCode()).isEqualTo(4);
            assertThat(stopped.lines()).anyMatch(line -> line.contains("waits for 1 connection"));
            assertThat(stopped.errors()).anyMatch(line -> line.contains("but not gracefully"));
            assertThat(program.exitCode()).isZero();
        }
    }

    @Test
    void deadLetters_areGroupedByTheirError_andRunAgainByIt_withALineOfWhoDidIt() throws Exception {
        var place = place("dead");
        var program = stubborn(place);
        try (var client = new LineClient(program.port())) {
            client.ask("fail no route");
            client.ask("fail no route");
            client.ask("fail no disk");
            await().until(() -> status(place).object("totals").number("dead") == 3);
            var grouped = ctl(place, "dead", "--since", "1h");
            assertThat(grouped.exitCode()).isZero();
            assertThat(grouped.lines())
                    .anyMatch(line -> line.matches(" *3 +untyped +java.lang.IllegalStateException .*"));
            var rerun = ctl(place, "rerun", "--error", "no route", "--json");
            assertThat(rerun.exitCode()).isZero();
            assertThat(new Json(rerun.lines().getFirst().getBytes(UTF_8)).number("done"))
                    .isEqualTo(2);
            program.awaitLine("audit.*rerun.*2");
            assertThat(ctl(place, "rerun").exitCode()).isEqualTo(2);
        }
    }
}
