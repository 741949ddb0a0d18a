package dev.shunt.tests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shunt.testing.Gate;
import dev.shunt.testing.Program;
import dev.shunt.testing.Programs;
import dev.shunt.tests.programs.Talk;
import dev.shunt.tests.programs.TaskServer;
import java.util.ArrayList;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code kill -9} of a child that handles connections: they are the manager's, and live on. */
@Tag("processes")
class KilledConnectionChildTest {

    @RegisterExtension
    static final Programs programs = new Programs();

    private final Gate gate = new Gate();

    @AfterEach
    void closeGate() {
        gate.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"worker", "server"})
    void killedConnectionChild_othersLiveOnInItsSuccessor_theOneRunningIsClosed(String face) {
        var program = programs.start(Talk.class, "--face", face, "--count", 2, "--gate", gate.port());
        try (var running = new TalkClient(program);
                var other = new TalkClient(program)) {
            long before = other.pid();
            running.send("gate a");
            gate.await();
            awaitSettled(program);
            kill(before);
            assertThat(running.awaitClose()).isEmpty();
            assertThat(other.pid()).isNotEqualTo(before);
            assertThat(other.ask("count")).as("kept data died with the child").isEqualTo("count 1");
        }
    }

    @Test
    void killedConnectionChild_closedConnection_hasItsOnCloseInTheSuccessor_once() {
        var program = programs.start(Talk.class, "--count", 2, "--gate", gate.port());
        try (var running = new TalkClient(program);
                var other = new TalkClient(program)) {
            long pid = other.pid();
            running.send("gate a");
            gate.await();
            awaitSettled(program);
            kill(pid);
            running.awaitClose();
            program.awaitLine("closed " + running.id());
            assertThat(other.ask("ping")).isEqualTo("pong");
            assertThat(program.lines()).containsOnlyOnce("closed " + running.id());
        }
    }

    /** What it sent next counted on the answer that is lost. */
    @Test
    void killedConnectionChild_whatCameBehindTheMessageThatRan_isNotHandled() {
        var program = programs.start(Talk.class, "--count", 2, "--gate", gate.port());
        try (var running = new TalkClient(program);
                var other = new TalkClient(program)) {
            long pid = other.pid();
            running.send("gate a").send("echo behind").send("echo behind");
            gate.await();
            awaitSettled(program);
            kill(pid);
            running.awaitClose();
            program.awaitLine("closed " + running.id());
            assertThat(program.lines()).noneMatch(line -> line.startsWith("message " + running.id() + " echo"));
        }
    }

    @Test
    void killedConnectionChild_messagesThatHadNotStarted_runInItsSuccessor() {
        var program = programs.start(Talk.class, "--count", 1, "--gate", gate.port());
        try (var running = new TalkClient(program);
                var waiting = new TalkClient(program)) {
            long before = waiting.pid();
            running.send("gate a");
            gate.await();
            waiting.send("echo 1").send("echo 2").send("where");
            kill(before);
            assertThat(running.awaitClose()).isEmpty();
            assertThat(waiting.read()).isEqualTo("1");
            assertThat(waiting.read()).isEqualTo("2");
            assertThat(waiting.read()).doesNotContain("pid " + before + " ");
        }
    }

    @Test
    void killedConnectionChild_doesNotTouchConnectionsOfItsSiblings() {
        var program = programs.start(Talk.class, "--count", 2, "--processes", 2);
        var clients = IntStream.range(0, 6)
                .mapToObj(_ -> Placed.of(new TalkClient(program)))
                .toList();
        long victim = clients.getFirst().pid();
        assertThat(clients)
                .extracting(Placed::pid)
                .as("two children")
                .contains(victim)
                .anyMatch(pid -> pid != victim);
        awaitSettled(program);
        awaitSettled(program);
        kill(victim);
        for (var placed : clients) {
            if (placed.pid() == victim) {
                assertThat(placed.client().pid()).isNotEqualTo(victim);
                assertThat(placed.client().ask("count")).isEqualTo("count 1");
            } else {
                assertThat(placed.client().pid()).isEqualTo(placed.pid());
                assertThat(placed.client().ask("count")).isEqualTo("count 2");
            }
            placed.client().close();
        }
    }

    /** A client that has counted once, and the child it counted in. */
    private record Placed(TalkClient client, long pid) {

        static Placed of(TalkClient client) {
            assertThat(client.ask("count")).isEqualTo("count 1");
            return new Placed(client, client.pid());
        }
    }

    @Test
    void killedConnectionChild_resultOfATaskItAskedFor_goesToOnFinishOfItsSuccessor() {
        var program = programs.start(
                TaskServer.class,
                "--placement",
                "children",
                "--workers",
                1,
                "--task-workers",
                1,
                "--gate",
                gate.port());
        try (var client = new TaskClient(program.port())) {
            long id = client.submit("gate a");
            var visitor = gate.await();
            long taskPid = Long.parseLong(visitor.who().replaceFirst(".* pid (\\d+) .*", "$1"));
            program.children().stream().filter(child -> child.pid() != taskPid).forEach(ProcessHandle::destroyForcibly);
            program.awaitLines("worker 0 starts", 2);
            visitor.release();
            program.awaitLine("^on worker 0 finish done " + id + " passed a$");
        }
    }

    @Test
    void connections_areSpreadEvenlyOverChildren() {
        var program = programs.start(Talk.class, "--count", 2, "--processes", 2);
        var clients = new ArrayList<TalkClient>();
        for (int i = 0; i < 10; i++) {
            clients.add(new TalkClient(program));
        }
        assertThat(clients.stream().collect(Collectors.groupingBy(TalkClient::pid, Collectors.counting())))
                .hasSize(2)
                .allSatisfy((_, count) -> assertThat(count).isEqualTo(5));
        clients.forEach(TalkClient::close);
    }

    @Test
    void childThatDiesAgainAndAgain_isReplacedEachTime() {
        var program = programs.start(Talk.class, "--count", 1);
        try (var witness = new TalkClient(program)) {
            for (int i = 0; i < 5; i++) {
                try (var bad = new TalkClient(program)) {
                    bad.send("exit 1");
                    assertThat(bad.awaitClose()).isEmpty();
                }
                assertThat(witness.ask("ping")).isEqualTo("pong");
            }
        }
    }

    /**
     * An answer can be here before its handler has quite ended. Once another connection is answered on the one free slot of
     * a child, whoever was answered there before is idle; a new connection goes to the child that has fewest.
     */
    private static void awaitSettled(Program program) {
        assertThat(new TalkClient(program).ask("ping")).isEqualTo("pong");
    }

    private static void kill(long pid) {
        ProcessHandle.of(pid).orElseThrow().destroyForcibly();
    }
}
