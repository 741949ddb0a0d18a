package dev.shunt.tests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shunt.testing.Launch;
import dev.shunt.testing.Program;
import dev.shunt.testing.Programs;
import dev.shunt.tests.programs.ForEver;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The longest durations and the ends of time, in a whole program, and in the next run of what the log kept of it. */
@Tag("processes")
class ForEverTest {

    @RegisterExtension
    static final Programs programs = new Programs();

    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"children", "in_process"})
    void forEver_isNoOverflow_neitherNowNorInTheNextRun(String placement) {
        for (int run = 0; run < 2; run++) {
            var program = programs.start(
                    Launch.of(ForEver.class, "--task-placement", placement, "--log", directory.resolve("tasks.db")));
            program.awaitLine("^all said");
            assertThat(program.stop())
                    .as("a stop that waits for ever waits for nothing")
                    .isZero();
            assertSaid(program);
        }
    }

    private static void assertSaid(Program program) {
        assertThat(program.lines())
                .containsSubsequence(
                        "deadline: done deadline with a deadline",
                        "timeout: done timeout",
                        "durable: done durable with a deadline",
                        "at the first: done at the first",
                        "durable at the first: done durable at the first with a deadline",
                        "limited: done limited")
                .contains("waited for 2", "together 2", "timers true true")
                .anyMatch(line -> line.matches("waited done \\d+ waited"))
                .anyMatch(line -> line.matches("nested: done done \\d+ inner"))
                .doesNotContain("a tick", "after");
        assertThat(program.lines().stream().filter("meanwhile: done meanwhile"::equals))
                .hasSize(2);
        assertThat(program.lines().stream().filter("waiting: cancelled"::equals))
                .hasSize(5);
        assertThat(program.errors())
                .noneMatch(line -> line.contains("ArithmeticException") || line.contains("DateTimeException"));
    }
}
