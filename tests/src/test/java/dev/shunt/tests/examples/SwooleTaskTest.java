package dev.shunt.tests.examples;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.shunt.testing.Launch;
import dev.shunt.testing.Program;
import dev.shunt.testing.Programs;
import dev.shunt.testing.RawClient;
import java.io.UncheckedIOException;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** {@code ./shunt example swoole-task}: seeds 001, 002 and 003. */
@Tag("processes")
class SwooleTaskTest {

    @RegisterExtension
    static final Programs programs = new Programs();

    @SuppressWarnings("NullAway.Init") // before all
    private static Program program;

    @BeforeAll
    static void start() {
        program = programs.start(Launch.of("SwooleTask", "--port", 0));
        program.port();
    }

    @Test
    void printsTheLinesOfTheFrenchText_inTheirOrder() {
        try (var client = new RawClient(program.port())) {
            client.send("bonjour\n".getBytes(US_ASCII));
            String id = program.awaitLine("^AsyncTask\\[(\\d+)\\] Finish: bonjour -> OK$")
                    .group(1);
            assertThat(program.lines())
                    .containsSubsequence("Dispatch AsyncTask: id=" + id, "AsyncTask[" + id + "] Finish: bonjour -> OK")
                    .containsSubsequence("New AsyncTask[id=" + id + "]", "AsyncTask[" + id + "] Finish: bonjour -> OK");
        }
    }

    @Test
    void everyClientsTasks_haveIdsOfTheirOwn() {
        for (int i = 0; i < 20; i++) {
            try (var client = new RawClient(program.port())) {
                client.send(("client " + i).getBytes(US_ASCII));
                program.awaitLine("Finish: client " + i + " -> OK$");
            }
        }
        List<String> ids = program.awaitLines("^New AsyncTask\\[id=(\\d+)\\]$", 20).stream()
                .map(match -> match.group(1))
                .toList();
        assertThat(ids).doesNotHaveDuplicates();
    }

    @Test
    void listensOnThisMachineOnly_andTasksRunInOtherProcesses() {
        assertThat(program.awaitLine("^listening on (.*):\\d+$").group(1)).isEqualTo("127.0.0.1");
        assertThat(program.children()).isNotEmpty();
        assertThat(program.complaints()).isEmpty();
    }

    @Test
    void sigterm_endsIt() {
        var own = programs.start(Launch.of("SwooleTask", "--port", 0));
        int port = own.port();
        assertThat(own.stop()).isZero();
        assertThat(own.children()).isEmpty();
        assertThatThrownBy(() -> new RawClient(port).close()).isInstanceOf(UncheckedIOException.class);
    }

    @Test
    void portInUse_saysSo_andLeavesNothing() {
        var second = programs.start(Launch.of("SwooleTask", "--port", program.port()));
        assertThat(second.exitCode()).isNotZero();
        assertThat(String.join("\n", second.errors())).contains("127.0.0.1:" + program.port());
        assertThat(second.children()).isEmpty();
    }
}
