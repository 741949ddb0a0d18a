package dev.shunt.tests.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.shunt.testing.Launch;
import dev.shunt.testing.Program;
import dev.shunt.testing.Programs;
import dev.shunt.testing.WebSocketClient;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** {@code ./shunt example progress}. */
@Tag("processes")
class ProgressTest {

    /** Takes many seconds, and its first tenth hardly one. */
    private static final String LONG = "20000000";

    @RegisterExtension
    static final Programs programs = new Programs();

    @Test
    void client_isToldHowFarItsTaskIs_andThenTheResult() {
        var program = programs.start(Launch.of("Progress", "--port", 0));
        try (var client = new WebSocketClient(program.port())) {
            var percent = new ArrayList<Integer>();
            String said = client.ask("1000");
            for (; said.endsWith(" %"); said = client.read()) {
                percent.add(Integer.parseInt(said.substring(0, said.length() - 2)));
            }
            assertThat(percent)
                    .isSorted()
                    .doesNotHaveDuplicates()
                    .endsWith(100); // of those that come at once, the latest
            assertThat(said).isEqualTo("168 primes");
            assertThat(client.ask("many")).contains("whole number");
        }
    }

    @Test
    void secondNumber_isRefused_whileOneIsUnderWay() {
        var program = programs.start(Launch.of("Progress", "--port", 0));
        try (var client = new WebSocketClient(program.port())) {
            client.send(LONG).send("1000");
            await().until(() -> client.read().startsWith("one number at a time"));
        }
        try (var client = new WebSocketClient(program.port())) {
            client.send("1");
            await().until(() -> client.read().equals("0 primes"));
            assertThat(client.ask("2")).as("the first has ended").matches("\\d+ %");
        }
    }

    @Test
    void clientThatLeaves_endsItsTask_andNotItsProcess() {
        var program = programs.start(Launch.of("Progress", "--port", 0));
        try (var one = new WebSocketClient(program.port());
                var two = new WebSocketClient(program.port())) {
            one.send(LONG);
            two.send(LONG);
            assertThat(one.read()).matches("[1-9]0 %");
            assertThat(two.read()).matches("[1-9]0 %");
        }
        var children = pids(program);
        try (var next = new WebSocketClient(program.port())) {
            assertThat(next.ask("1000")).as("there is a free slot").matches("\\d+ %");
        }
        assertThat(pids(program)).isEqualTo(children);
    }

    private static List<Long> pids(Program program) {
        return program.children().stream().map(ProcessHandle::pid).toList();
    }
}
