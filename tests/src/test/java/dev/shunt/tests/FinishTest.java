package dev.shunt.tests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shunt.testing.Gate;
import dev.shunt.testing.Programs;
import dev.shunt.testing.RawClient;
import dev.shunt.tests.programs.Finishes;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A task that gives results faster than they are heard waits in {@code finish}, and all are heard. */
@Tag("processes")
class FinishTest {

    @RegisterExtension
    static final Programs programs = new Programs();

    /** What has been said by the time that it is told to wait comes as well: of a child what its link holds, some MiB. */
    @ParameterizedTest
    @CsvSource({"in_process, true", "in_process, false", "children, false"})
    void finish_waits_whileResultsWaitToBeHeard_andNoneIsLost(String placement, boolean inProcess) {
        try (var gate = new Gate()) {
            var program = programs.start(
                    Finishes.class, "--placement", placement, "--in-process", inProcess, "--gate", gate.port());
            try (var client = new RawClient(program.port())) {
                client.send(new byte[] {'\n'});
                var first = gate.await();
                int waits = Integer.parseInt(
                        program.awaitLine("waits in result (\\d+)").group(1));
                first.release();
                assertThat(waits).isLessThan(15_000);
                program.awaitLine("heard 30000");
            }
        }
    }
}
