package dev.shunt.tests.fleet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.shunt.bus.Bus;
import dev.shunt.net.ConnectionInfo;
import dev.shunt.server.Server;
import dev.shunt.server.ServerSettings;
import dev.shunt.stats.Stats;
import dev.shunt.task.TaskQueue;
import dev.shunt.testing.LineClient;
import dev.shunt.testing.Program;
import dev.shunt.testkit.MemoryBus;
import dev.shunt.testkit.MemoryTaskQueue;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What one node sends reaches connections of the others: three servers of this JVM, and a bus in memory. */
class NodesOnABusTest {

    private static final MemoryBus bus = new MemoryBus();
    private static final MemoryTaskQueue queue = new MemoryTaskQueue();

    private static Node a;
    private static Node b;
    private static Node c;

    private Visit ann;
    private Visit bob;
    private Visit cem;

    /** A server that tells each client its id. */
    private static final class Node {

        private final Server server = new Server("127.0.0.1", 0);
        private final List<String> heard = new CopyOnWriteArrayList<>();
        private final CompletableFuture<Void> end;

        Node(Consumer<ServerSettings> settings, Consumer<Server> more) throws Exception {
            var started = new CompletableFuture<Void>();
            server.set(settings);
            server.onConnect(client -> client.send(client.id() + "\n"));
            server.onReceive((client, data) -> client.send("echo " + data));
            more.accept(server);
            server.onStart(() -> {
                server.subscribe("news", data -> heard.add(data.text()));
                started.complete(null);
            });
            end = CompletableFuture.runAsync(server::start, Thread::startVirtualThread);
            CompletableFuture.anyOf(started, end).get(60, TimeUnit.SECONDS);
        }

        Visit enter() {
            var client = new LineClient(server.endpoint().port());
            return new Visit(client, Long.parseLong(client.read()));
        }

        Stats.Bus stats() {
            return server.stats().bus();
        }

        void close() {
            server.shutdown();
            FleetNode.get(end);
        }
    }

    private record Visit(LineClient client, long id) {

        void isOver() {
            client.awaitClose();
        }
    }

    @BeforeAll
    static void start() throws Exception {
        Awaitility.setDefaultTimeout(Program.PATIENCE);
        a = new Node(settings -> settings.bus(bus.as("a")), _ -> {});
        b = new Node(settings -> settings.bus(bus.as("b")), _ -> {});
        var shared = new TaskQueue.Opener() { // which brings a bus along
                    @Override
                    public TaskQueue open(TaskQueue.Self self, TaskQueue.Listener listener) throws IOException {
                        return queue.as("c").open(self, listener);
                    }

                    @Override
                    public Optional<Bus.Opener> bus() {
                        return Optional.of(bus.as("c"));
                    }
                };
        c = new Node(
                settings -> settings.taskQueue(shared).taskWorkerNum(1).inProcess(true),
                server -> server.onTask(task -> "done"));
    }

    @AfterAll
    static void end() {
        List.of(a, b, c).forEach(Node::close);
        bus.close();
        queue.close();
    }

    @BeforeEach
    void enter() {
        ann = a.enter();
        bob = b.enter();
        cem = c.enter();
    }

    @AfterEach
    void leave() {
        List.of(ann, bob, cem).forEach(visit -> visit.client().close());
        await().until(() -> List.of(a, b, c).stream()
                .allMatch(node -> node.server.stats().connections().open() == 0));
    }

    @Test
    void ids_areThoseOfTheFleet_andBeginWithTheNode() {
        assertThat(List.of(ann.id(), bob.id(), cem.id()))
                .doesNotHaveDuplicates()
                .allMatch(id -> id > 0 && id < 1L << 43);
        assertThat(ann.id() >> 28).isEqualTo(a.stats().node());
        assertThat(bob.id() >> 28).isEqualTo(b.stats().node());
        assertThat(b.stats().nodes()).isEqualTo(3);
        assertThat(b.server.connections().map(ConnectionInfo::id)).containsExactly(bob.id());
        assertThat(ann.client().ask("hello")).isEqualTo("echo hello");
    }

    @Test
    void sentToAnId_goesToItsNode() {
        assertThat(a.server.send(bob.id(), "from a\n")).isTrue();
        assertThat(bob.client().read()).isEqualTo("from a");
        assertThat(b.server.sendToClient(cem.id(), "from b\n")).isTrue();
        assertThat(cem.client().read()).isEqualTo("from b");
        assertThat(a.server.send(7, "to an id of no node\n")).isFalse();
        assertThat(a.server.send(ann.id() + 1_000, "to nobody here\n")).isFalse();
        assertThat(a.server.send(bob.id() + 1_000, "to nobody there\n")).isTrue();
        assertThat(a.server.isOpen(bob.id())).isFalse();
        assertThat(a.server.info(bob.id())).isEmpty();
    }

    @Test
    void closedOrCutById_whereverItIs() {
        assertThat(a.server.send(bob.id(), "bye\n")).isTrue();
        assertThat(a.server.close(bob.id())).isTrue();
        assertThat(bob.client().awaitClose()).isEqualTo("bye\n");
        assertThat(a.server.abort(cem.id())).isTrue();
        cem.isOver();
        assertThat(a.server.close(7)).isFalse();
        assertThat(a.server.abort(7)).isFalse();
    }

    @Test
    void groupsUsersAndAll_areThoseOfEveryNode_andWhatIsReturnedCountsThisOne() {
        a.server.joinGroup(ann.id(), "room");
        b.server.joinGroup(bob.id(), "room");
        assertThat(a.server.sendToGroup("room", "to the room\n")).isOne();
        assertThat(c.server.sendToGroup("room", "from outside\n")).isZero();
        c.server.bindUid(cem.id(), "cem");
        assertThat(b.server.sendToUid("cem", "to cem\n")).isZero();
        assertThat(a.server.sendToAll("to all but bob\n", bob.id())).isOne();
        assertThat(a.server.sendToAll("to all\n")).isOne();
        assertThat(ann.client().read(4))
                .containsExactlyInAnyOrder("to the room", "from outside", "to all but bob", "to all");
        assertThat(bob.client().read(3)).containsExactlyInAnyOrder("to the room", "from outside", "to all");
        assertThat(cem.client().read(3)).containsExactlyInAnyOrder("to cem", "to all but bob", "to all");
        assertThat(b.server.isUidOnline("cem")).isFalse(); // which asks this node
    }

    @Test
    void published_isHeardOnEveryNode() {
        assertThat(a.server.publish("news", "extra")).isOne();
        assertThat(a.server.publish("nobody's", "x")).isZero();
        await().until(() -> List.of(a, b, c).stream().allMatch(node -> node.heard.contains("extra")));
    }

    @Test
    void cutOff_ownConnectionsGoOn_andWhatIsMissedIsCounted() {
        var before = a.stats();
        bus.cut("a");
        try {
            assertThat(a.server.sendToAll("here\n")).isOne();
            assertThat(ann.client().read()).isEqualTo("here");
            assertThat(a.server.send(bob.id(), "lost\n")).isFalse();
            b.server.sendToAll("there\n");
            assertThat(bob.client().read()).isEqualTo("there");
            assertThat(cem.client().read()).isEqualTo("there");
            var now = a.stats();
            assertThat(now.dropped() - before.dropped()).isEqualTo(2);
            assertThat(now.gaps() - before.gaps()).isOne();
            assertThat(now.reachable()).isFalse();
        } finally {
            bus.mend("a");
        }
        b.server.sendToAll("again\n");
        assertThat(ann.client().read()).isEqualTo("again");
    }
}
