package dev.shunt.tests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shunt.testing.Program;
import dev.shunt.testing.Programs;
import dev.shunt.testing.Visitor;
import dev.shunt.tests.programs.TaskServer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A thread in {@code taskWait} learns which end its task had, and is not kept until its time is over. */
@Tag("processes")
class WaitingCallerTest {

    private static final String FOR_LONG = "wait 100000 ";

    @RegisterExtension
    static final Programs programs = new Programs();

    @RegisterExtension
    final Witness witness = new Witness(programs);

    private Program start(String placement, Object... others) {
        return programs.start(
                TaskServer.class,
                witness.arguments(Stream.concat(
                                Stream.of("--placement", placement, "--workers", 2, "--task-workers", 1),
                                Stream.of(others))
                        .toArray()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"in_process", "children"})
    void lost(String placement) {
        var program = start(placement);
        try (var client = new TaskClient(program.port())) {
            client.send(FOR_LONG + "exit 3");
            assertThat(client.lines().read()).matches("lost \\d+ .*exit code 3.*");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"in_process", "children"})
    void failed(String placement) {
        var program = start(placement);
        try (var client = new TaskClient(program.port())) {
            client.send(FOR_LONG + "throw up");
            assertThat(client.lines().read()).matches("failed \\d+ .*Exception: up .*");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"in_process", "children"})
    void rejected(String placement) {
        var program = start(placement, "--queue", 1);
        try (var other = new TaskClient(program.port());
                var client = new TaskClient(program.port())) {
            long running = other.submit("gate running");
            Visitor first = witness.gate().await();
            long waiting = other.submit("gate waiting");
            client.send(FOR_LONG + "echo one too many");
            assertThat(client.lines().read()).matches("rejected \\d+ .*queue is full.*");
            first.release();
            witness.gate().await().release();
            assertThat(other.result(running)).startsWith("done");
            assertThat(other.result(waiting)).startsWith("done");
        }
    }
}
