package dev.shunt.tests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shunt.plan.Placement;
import dev.shunt.testing.Programs;
import dev.shunt.tests.programs.Doomed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A durable task that kills the whole program, each time it runs. */
@Tag("processes")
class DoomedTaskTest {

    @RegisterExtension
    static final Programs programs = new Programs();

    @TempDir
    Path directory;

    @ParameterizedTest
    @EnumSource(names = {"CHILDREN", "IN_PROCESS"})
    void killsTheProgramFiveTimes_thenItIsADeadLetter_andThoseBehindItRun(Placement placement) throws IOException {
        for (int death = 1; death <= 5; death++) {
            var program = programs.start(
                    Doomed.class,
                    "--directory",
                    directory,
                    "--task-placement",
                    placement,
                    "--behind",
                    3,
                    "--submit",
                    death == 1);
            assertThat(program.exitCode()).isEqualTo(137);
        }
        assertThat(Files.readAllLines(directory.resolve("runs")))
                .containsExactly(
                        "kill attempt 1", "kill attempt 1", "kill attempt 2", "kill attempt 3", "kill attempt 4");

        var last = programs.start(Doomed.class, "--directory", directory, "--task-placement", placement);
        last.awaitLine("^failed Lost.*has died while it ran");
        last.awaitLines("^done Done.*behind", 3);
        assertThat(Files.readAllLines(directory.resolve("runs"))).hasSize(8);
        last.stop();
    }
}
