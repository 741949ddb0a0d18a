package dev.shunt.engine.manager;

import dev.shunt.bus.Bus;
import dev.shunt.data.Data;
import dev.shunt.fatal.FatalErrors;
import dev.shunt.http.ControlFrame;
import dev.shunt.log.Log;
import dev.shunt.net.CloseStatus;
import dev.shunt.netty.ConnectionIds;
import dev.shunt.plan.Plan;
import dev.shunt.question.OfMembers;
import dev.shunt.question.OfTopics;
import dev.shunt.stats.Stats;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;

/**
 * Reaches the other nodes over a {@link Bus}, and does here what they ask. Whose a connection is stands in its id; groups and
 * users are known where their connections are, so what is for them goes to all. Safe for use by any thread.
 */
final class BusNodes implements OtherNodes, Bus.Listener {

    private static final Logger LOG = Log.of(BusNodes.class);

    private final Connections connections;
    private final Topics topics;
    private final AtomicBoolean puzzled = new AtomicBoolean();
    private final Bus bus;

    private BusNodes(Bus.Opener opener, Connections connections, Topics topics) throws IOException {
        this.connections = connections;
        this.topics = topics;
        this.bus = opener.open(this);
    }

    /** None if the plan has no bus; a queue that nodes share brings one along. */
    static OtherNodes of(Plan plan, Connections connections, Topics topics) {
        var opener = opener(plan);
        if (opener.isEmpty()) {
            return OtherNodes.NONE;
        }
        try {
            return new BusNodes(opener.get(), connections, topics);
        } catch (IOException e) {
            throw new IllegalStateException("cannot start: " + e.getMessage(), e);
        }
    }

    private static Optional<Bus.Opener> opener(Plan plan) {
        boolean onlyTasks = plan.taskGroups().size() == plan.groups().size();
        return plan.settings()
                .processes()
                .bus()
                .or(() -> onlyTasks || plan.taskGroups().isEmpty()
                        ? Optional.empty()
                        : plan.settings().taskQueue().flatMap(queue -> queue.bus()));
    }

    @Override
    public int node() {
        return bus.node();
    }

    @Override
    public boolean send(long id, Object message) {
        int node = elsewhere(id);
        if (node == 0) {
            return false;
        }
        if (message instanceof ControlFrame frame) {
            throw new IllegalArgumentException(
                    frame.type() + " can be sent where connection " + id + " is handled, and that is on node " + node);
        }
        return bus.send(node, new NodeMessage.Send(id, Data.of(message)).encoded());
    }

    @Override
    public boolean close(long id, CloseStatus why) {
        int node = elsewhere(id);
        return node != 0 && bus.send(node, new NodeMessage.Close(id, why).encoded());
    }

    @Override
    public boolean abort(long id) {
        int node = elsewhere(id);
        return node != 0 && bus.send(node, new NodeMessage.Abort(id).encoded());
    }

    /** The node of that connection; 0 if that is this one, or none. */
    private int elsewhere(long id) {
        int node = ConnectionIds.nodeOf(id);
        return node == bus.node() ? 0 : node;
    }

    @Override
    public void sendToMany(OfMembers.Send message) {
        bus.all(new NodeMessage.ToMany(message).encoded());
    }

    @Override
    public void publish(OfTopics.Publish message) {
        bus.all(new NodeMessage.Published(message).encoded());
    }

    // What others say

    @Override
    public void received(int from, byte[] message) {
        try {
            NodeMessage.decoded(message)
                    .ifPresentOrElse(this::obey, () -> puzzled(from, "it is of a kind that a newer program has"));
        } catch (IOException e) {
            puzzled(from, String.valueOf(e.getMessage()));
        } catch (RuntimeException | Error e) { // of the program's own protocol, say
            FatalErrors.letOn(e);
            LOG.error("what node {} has sent cannot be delivered, and is dropped", from, e);
        }
    }

    private void puzzled(int from, String why) {
        if (puzzled.compareAndSet(false, true)) {
            LOG.warn("what node {} has sent cannot be read, and is left out, as all of its like: {}", from, why);
        }
    }

    private void obey(NodeMessage message) {
        switch (message) {
            case NodeMessage.Send(long id, var data) -> {
                var connection = connections.get(id);
                if (connection != null && !connection.send(data)) {
                    LOG.debug("{} has no room for a message of another node", connection);
                }
            }
            case NodeMessage.Close(long id, var why) -> {
                var connection = connections.get(id);
                if (connection != null) {
                    connection.close(why);
                }
            }
            case NodeMessage.Abort(long id) -> {
                var connection = connections.get(id);
                if (connection != null) {
                    connection.abort();
                }
            }
            case NodeMessage.ToMany(var toMany) -> connections.members().answer(toMany);
            case NodeMessage.Published(var published) -> topics.answer(published);
        }
    }

    @Override
    public Stats.Bus stats() {
        var now = bus.counts();
        return new Stats.Bus(
                bus.node(), now.nodes(), now.sent(), now.received(), now.gaps(), now.dropped(), now.reachable());
    }

    @Override
    public void close() throws IOException {
        bus.close();
    }
}
