package dev.shunt.tests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shunt.testing.Gate;
import dev.shunt.testing.Program;
import dev.shunt.testing.Programs;
import dev.shunt.testing.Visitor;
import dev.shunt.tests.programs.Talk;
import dev.shunt.tests.programs.TaskServer;
import java.util.HashSet;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Slots: how many things run at once, where, and what waits for what. A gate is the witness, not a clock. */
@Tag("processes")
class SlotsTest {

    private static final int SLOTS = 20;

    @RegisterExtension
    static final Programs programs = new Programs();

    private final Gate gate = new Gate();

    @AfterEach
    void closeGate() {
        gate.close();
    }

    @Test
    void moreClientsThanSlots_waitForASlot_andNeverLonger() {
        var program = programs.start(Talk.class, "--count", SLOTS, "--gate", gate.port());
        var clients = clients(program, 5 * SLOTS);
        clients.forEach(client -> client.send("gate one of many"));
        for (int round = 0; round < 5; round++) {
            var visitors = gate.await(SLOTS);
            assertThat(gate.waiting()).as("more than slots at once").isZero();
            visitors.forEach(visitor -> visitor.release("released"));
        }
        clients.forEach(client -> assertThat(client.read()).isEqualTo("released"));
        clients.forEach(TalkClient::close);
    }

    @Test
    void slowMessage_delaysNoOther_whileASlotIsFree() {
        var program = programs.start(Talk.class, "--count", 2, "--gate", gate.port());
        try (var slow = new TalkClient(program);
                var quick = new TalkClient(program)) {
            slow.send("gate slow");
            var visitor = gate.await();
            for (int i = 0; i < 100; i++) {
                assertThat(quick.ask("echo " + i)).isEqualTo(Integer.toString(i));
            }
            visitor.release("released");
            assertThat(slow.read()).isEqualTo("released");
        }
    }

    @Test
    void messagesOfOneConnection_neverRunAtTheSameTime_norOvertake() {
        var program = programs.start(Talk.class, "--count", 4, "--gate", gate.port());
        try (var client = new TalkClient(program)) {
            client.send("gate first").send("echo second").send("gate third").send("echo fourth");
            var first = gate.await();
            assertThat(first.who()).endsWith("first");
            assertThat(gate.waiting()).isZero();
            first.release("first");
            assertThat(client.read()).isEqualTo("first");
            assertThat(client.read()).isEqualTo("second");
            gate.await().release("third");
            assertThat(client.read()).isEqualTo("third");
            assertThat(client.read()).isEqualTo("fourth");
        }
    }

    @Test
    void slots_areSpreadOverProcesses_twoNumbers() {
        var program = programs.start(Talk.class, "--count", 5, "--processes", 2, "--gate", gate.port());
        var clients = clients(program, 6);
        assertThat(program.children()).hasSize(2);
        clients.forEach(client -> client.send("gate together"));
        var visitors = gate.await(5);
        assertThat(visitors).extracting(SlotsTest::worker).containsExactlyInAnyOrder("0", "1", "2", "3", "4");
        assertThat(new HashSet<>(visitors.stream().map(SlotsTest::pid).toList()))
                .hasSize(2);
        visitors.forEach(visitor -> visitor.release("released"));
        gate.await().release("released");
        clients.forEach(client -> assertThat(client.read()).isEqualTo("released"));
        clients.forEach(TalkClient::close);
    }

    @Test
    void tasks_runOnAllTheirSlots_andTakeTheNextFreeOne() {
        var program =
                programs.start(TaskServer.class, "--task-workers", 4, "--task-processes", 2, "--gate", gate.port());
        try (var client = new TaskClient(program.port())) {
            IntStream.range(0, 5).forEach(i -> client.submit("gate " + i));
            var visitors = gate.await(4);
            assertThat(gate.waiting()).isZero();
            assertThat(program.children()).hasSize(2);
            visitors.get(2).release();
            gate.await().release();
            visitors.stream().filter(visitor -> visitor != visitors.get(2)).forEach(Visitor::release);
            assertThat(client.results(5).values()).allMatch(result -> result.startsWith("done passed"));
        }
    }

    /** Tasks sent ahead to a child are taken back when another has a free slot. */
    @Test
    void slowTask_delaysNoOther_whileASlotIsFree() {
        var program =
                programs.start(TaskServer.class, "--task-workers", 2, "--task-processes", 2, "--gate", gate.port());
        try (var client = new TaskClient(program.port())) {
            client.send("times 200 echo short");
            client.results(200);
            client.submit("gate slow");
            var slow = gate.await();
            client.send("times 200 echo short");
            assertThat(client.results(400).values()).allMatch(result -> result.equals("done short"));
            slow.release();
            assertThat(client.results(401)).hasSize(401);
        }
    }

    @Test
    void fullQueue_rejectsWithTheReason_andTakesTasksAgainLater() {
        var program = programs.start(TaskServer.class, "--task-workers", 1, "--queue", 2, "--gate", gate.port());
        try (var client = new TaskClient(program.port())) {
            client.submit("gate a");
            var visitor = gate.await();
            var queued = List.of(client.submit("echo b"), client.submit("echo c"));
            assertThat(client.run("echo d")).startsWith("rejected").contains("2");
            visitor.release();
            assertThat(queued).allSatisfy(id -> assertThat(client.result(id)).startsWith("done"));
            assertThat(client.run("echo e")).isEqualTo("done e");
        }
    }

    private static List<TalkClient> clients(Program program, int count) {
        return IntStream.range(0, count).mapToObj(_ -> new TalkClient(program)).toList();
    }

    private static String worker(Visitor visitor) {
        return visitor.who().replaceFirst(".* worker (\\d+) .*", "$1");
    }

    private static String pid(Visitor visitor) {
        return visitor.who().replaceFirst(".* pid (\\d+) .*", "$1");
    }
}
