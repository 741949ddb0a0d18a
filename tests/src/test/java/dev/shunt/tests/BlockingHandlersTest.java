package dev.shunt.tests;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.shunt.testing.Gate;
import dev.shunt.testing.Launch;
import dev.shunt.testing.Program;
import dev.shunt.testing.Programs;
import dev.shunt.tests.ConnectionContractTest.Where;
import dev.shunt.tests.programs.Talk;
import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

/** What handlers are promised that block, wherever there are slots for them, and so not on an event loop. */
@ParameterizedClass
@EnumSource(
        mode = Mode.EXCLUDE,
        names = {"SERVER_EVENT_LOOP", "WORKER_EVENT_LOOP"})
@Tag("processes")
class BlockingHandlersTest {

    private static final int SLOTS = 20;

    @RegisterExtension
    static final Programs programs = new Programs();

    private static final Gate gate = new Gate();

    @SuppressWarnings("NullAway.Init") // before each run of the suite
    private static Program program;

    BlockingHandlersTest(@SuppressWarnings("unused") Where where) {}

    @BeforeParameterizedClassInvocation
    static void start(Where where) {
        program = programs.start(Launch.of(Talk.class, "--count", SLOTS, "--gate", gate.port())
                .withOptions("-Xmx48m", "-XX:+ExitOnOutOfMemoryError")
                .withArguments(where.arguments())
                .withArguments(onSlots(where)));
        program.port();
    }

    /**
     * Handlers that wait for each other have to say so where they might run on the loop, and nobody knows which of several
     * children accepts how many, see docs/sockets-in-children.md.
     */
    private static Object[] onSlots(Where where) {
        return where == Where.WORKER_SOCKETS_IN_CHILD
                ? new Object[] {"--handler-seconds", 600, "--processes", 1}
                : new Object[0];
    }

    @AfterAll
    static void closeGate() {
        gate.close();
    }

    @Test
    void asManyClientsAsSlots_areServedAtTheSameTime() {
        var clients =
                IntStream.range(0, SLOTS).mapToObj(_ -> new TalkClient(program)).toList();
        clients.forEach(client -> client.send("gate together"));
        var visitors = gate.await(SLOTS);
        assertThat(visitors.stream().map(visitor -> visitor.who().replaceFirst(".*( worker \\d+) .*", "$1")))
                .as("each on a slot of its own")
                .doesNotHaveDuplicates();
        visitors.forEach(visitor -> visitor.release("released"));
        clients.forEach(client -> assertThat(client.read()).isEqualTo("released"));
        clients.forEach(TalkClient::close);
    }

    @Test
    void connectionWithManyWaitingMessages_isNotReadFrom_andOthersAre() {
        try (var flooding = new TalkClient(program);
                var other = new TalkClient(program)) {
            flooding.send("gate hold");
            var visitor = gate.await();
            byte[] chunk = ("echo " + "z".repeat(1_018) + "\n").getBytes(US_ASCII);
            long sent = flooding.lines().raw().sendUntilStalled(chunk, 256 << 20, Duration.ofMillis(500));
            assertThat(sent).as("taken from a connection whose handler is busy").isLessThan(64 << 20);
            assertThat(other.ask("ping")).isEqualTo("pong");
            visitor.release("released");
            assertThat(flooding.read()).isEqualTo("released");
            for (int i = 0; i < sent / chunk.length; i++) {
                assertThat(flooding.read()).hasSize(1_018);
            }
        }
    }
}
