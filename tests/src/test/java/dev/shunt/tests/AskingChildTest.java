package dev.shunt.tests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shunt.testing.LineClient;
import dev.shunt.testing.Programs;
import dev.shunt.tests.programs.Asking;
import java.util.regex.MatchResult;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** {@code kill -9} of a child that has asked for tasks and not heard of their ends. */
@Tag("processes")
class AskingChildTest {

    private static final int TASKS = 50;

    @RegisterExtension
    static final Programs programs = new Programs();

    @Test
    void killedBeforeItHeard_successorHearsOfEveryTask() {
        var program = programs.start(Asking.class);
        long asking = Long.parseLong(program.awaitLine("event worker (\\d+)").group(1));
        try (var client = new LineClient(program.port())) {
            client.send(String.valueOf(TASKS));
            var asked = program.awaitLines("asked (\\d+)", TASKS).stream()
                    .map(line -> line.group(1))
                    .toList();
            program.awaitLines("ran \\d+", TASKS);

            ProcessHandle.of(asking).orElseThrow().destroyForcibly();

            var heard = program.awaitLines("heard (\\d+) in \\d+", TASKS);
            assertThat(heard.stream().map(line -> line.group(1))).containsExactlyInAnyOrderElementsOf(asked);
            assertThat(heard.stream().map(MatchResult::group)).noneMatch(line -> line.endsWith("in " + asking));
        }
    }
}
