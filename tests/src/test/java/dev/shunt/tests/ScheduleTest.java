package dev.shunt.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.shunt.testing.Gate;
import dev.shunt.testing.Program;
import dev.shunt.testing.Programs;
import dev.shunt.testing.Signals;
import dev.shunt.tests.programs.Scheduled;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tasks by the clock: asked for in the manager, run in children, once each whatever becomes of those. */
@Tag("processes")
class ScheduleTest {

    @RegisterExtension
    static final Programs programs = new Programs();

    /** The numbers in its lines of one kind, such as {@code ran 7 in 4711}. */
    private static List<Integer> numbers(Program program, String what) {
        return program.lines().stream()
                .filter(line -> line.matches(what + " \\d+ in \\d+"))
                .map(line -> Integer.valueOf(line.split(" ", -1)[1]))
                .toList();
    }

    private static List<Integer> upTo(int last) {
        return IntStream.rangeClosed(1, last).boxed().toList();
    }

    @ParameterizedTest
    @ValueSource(strings = {"server", "worker"})
    void reloadInTheMiddle_skipsNone_andRunsNoneTwice(String face) {
        var program = programs.start(Scheduled.class, "--face", face);
        program.awaitLines("heard \\d+", 3);
        var before = program.children();

        Signals.send("USR1", program.pid());

        await().atMost(Program.PATIENCE).until(() -> program.children().stream().noneMatch(before::contains));
        int soFar = numbers(program, "heard").size();
        program.awaitLines("heard \\d+", soFar + 3);
        assertThat(program.stop()).isZero();
        var asked = numbers(program, "asked");
        assertThat(asked).isEqualTo(upTo(asked.size()));
        assertThat(numbers(program, "ran")).doesNotHaveDuplicates();
        assertThat(numbers(program, "heard")).doesNotHaveDuplicates();
        long leftOut = program.lines().stream()
                .filter(line -> line.startsWith("left out: Rejected"))
                .count();
        assertThat(numbers(program, "heard").size() + leftOut)
                .as("each one asked for was run, or rejected while the one before had not ended")
                .isEqualTo(asked.size());
        assertThat(program.lines().stream().filter(line -> line.matches("(asked|heard) .*")))
                .as("the manager alone keeps schedules")
                .allMatch(line -> line.endsWith(" in " + program.pid()));
        assertThat(program.lines().stream().filter(line -> line.startsWith("ran ")))
                .noneMatch(line -> line.endsWith(" in " + program.pid()));
    }

    @Test
    void runThatHasNotEnded_holdsUpTheNext_andSaysSo() {
        try (var gate = new Gate()) {
            var program = programs.start(Scheduled.class, "--gate", gate.port());
            var visitor = gate.await();
            program.awaitLines("left out: Rejected.*schedule:beat", 3);
            assertThat(numbers(program, "ran")).containsExactly(1);
            visitor.release();
            program.awaitLine("heard 1 in");
            gate.await().release();
        }
    }

    @Test
    void killedChild_losesItsRun_andTheNextIsRunElsewhere() {
        try (var gate = new Gate()) {
            var program = programs.start(Scheduled.class, "--gate", gate.port());
            gate.await();
            long child = Long.parseLong(program.awaitLine("ran 1 in (\\d+)").group(1));
            ProcessHandle.of(child).orElseThrow().destroyForcibly();
            program.awaitLine("left out: Lost");
            gate.await().release();
            program.awaitLine("heard (?!1 )\\d+ in");
        }
    }

    @Test
    void stop_isNotHeldUp_andNothingIsAskedForAfterIt() {
        var program = programs.start(Scheduled.class);
        program.awaitLines("heard \\d+", 2);
        assertThat(program.stop()).isZero();
        assertThat(program.lines()).last().isEqualTo("start returned");
        assertThat(program.children()).isEmpty();
    }
}
