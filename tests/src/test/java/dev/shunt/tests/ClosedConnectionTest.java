package dev.shunt.tests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shunt.testing.Gate;
import dev.shunt.testing.Program;
import dev.shunt.testing.Programs;
import dev.shunt.tests.programs.Talk;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A message that waits for a slot while somebody else closes its connection is not handled. */
@Tag("processes")
class ClosedConnectionTest {

    @RegisterExtension
    static final Programs programs = new Programs();

    private final Gate gate = new Gate();

    @AfterEach
    void closeGate() {
        gate.close();
    }

    /** Its child has it already, and is busy with another connection. */
    @Test
    void closedFromAnotherChild_messageThatItsChildHasAlready_isNotHandled() {
        var program = programs.start(Talk.class, "--count", 2, "--processes", 2, "--gate", gate.port());
        var clients = clients(program, 4);
        long pid = clients.getFirst().pid();
        var here = clients.stream().filter(client -> client.pid() == pid).toList();
        var elsewhere =
                clients.stream().filter(client -> !here.contains(client)).toList();
        var closed = here.get(1);
        here.getFirst().send("gate busy");
        var busy = gate.await();
        closed.send("echo too late");
        assertThat(elsewhere.getFirst().ask("close " + closed.id())).isEqualTo("closed true");
        assertThat(closed.awaitClose()).isEmpty();
        assertThat(elsewhere.getFirst().ask("ping")).isEqualTo("pong");
        busy.release("released");
        assertThat(here.getFirst().read()).isEqualTo("released");
        assertNotHandled(program, closed);
    }

    /** By another slot of the same process. */
    @ParameterizedTest
    @ValueSource(strings = {"in_process", "children"})
    void closedFromAnotherSlot_messageThatWaits_isNotHandled(String placement) {
        var program = programs.start(Talk.class, "--count", 2, "--placement", placement, "--gate", gate.port());
        var clients = clients(program, 3);
        var closed = clients.get(2);
        clients.get(0).send("gate busy");
        var busy = gate.await();
        clients.get(1).send("gate-close " + closed.id());
        var closing = gate.await();
        closed.send("echo too late");
        closing.release("closing");
        assertThat(clients.get(1).read()).isEqualTo("closing true");
        assertThat(closed.awaitClose()).isEmpty();
        assertNotHandled(program, closed);
        busy.release("released");
    }

    private static List<TalkClient> clients(Program program, int count) {
        return IntStream.range(0, count).mapToObj(_ -> new TalkClient(program)).toList();
    }

    private static void assertNotHandled(Program program, TalkClient closed) {
        program.awaitLine("^closed " + closed.id() + "$");
        assertThat(program.lines())
                .noneMatch(line -> line.startsWith("message " + closed.id() + " echo"))
                .containsOnlyOnce("closed " + closed.id());
    }
}
