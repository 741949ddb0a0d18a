package dev.shunt.engine.manager;

import dev.shunt.engine.SocketConnection;
import dev.shunt.engine.WaitingMessages;
import dev.shunt.net.CloseStatus;
import dev.shunt.netty.MemoryBudget;
import dev.shunt.stats.Stats;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/** All accepted connections of the program, by number. Safe for use by any thread. */
final class Connections {

    private final MemoryBudget budget;
    private final WaitingMessages waiting;
    private final Map<Long, SocketConnection> open = new ConcurrentHashMap<>();
    private final LongAdder refused = new LongAdder();
    private final LongAdder refusedRequests = new LongAdder();
    private final LongAdder accepted = new LongAdder();
    private final LongAdder closed = new LongAdder();
    private final LongAdder messages = new LongAdder();
    private final PacketCounts packets = new PacketCounts();
    private volatile Runnable whenEmpty = () -> {};
    private volatile LongConsumer whenUncongested = _ -> {};

    Connections(MemoryBudget budget) {
        this.budget = budget;
        waiting = new WaitingMessages(budget.limit());
    }

    void opened(SocketConnection connection) {
        accepted.increment();
        open.put(connection.id(), connection);
    }

    void messageReceived() {
        messages.increment();
    }

    void closed(long id) {
        closed.increment();
        open.remove(id);
        uncongested(id);
        if (open.isEmpty()) {
            whenEmpty.run();
        }
    }

    /** From any thread, whenever the last open connection has closed. */
    void whenEmpty(Runnable action) {
        whenEmpty = action;
    }

    /** As many requests of a listener as may be wait for their answers, and one more was not taken. */
    void requestRefused() {
        refusedRequests.increment();
    }

    /** A listener had no room for one. */
    void refused() {
        refused.increment();
    }

    /** For their handler, on all connections. */
    WaitingMessages waiting() {
        return waiting;
    }

    boolean send(long id, Object message) {
        SocketConnection connection = open.get(id);
        return connection != null && connection.send(message);
    }

    @Nullable SocketConnection get(long id) {
        return open.get(id);
    }

    /** From any thread: what was kept for a connection is sent, or the connection is gone. */
    void uncongested(long id) {
        whenUncongested.accept(id);
    }

    void whenUncongested(LongConsumer action) {
        whenUncongested = action;
    }

    boolean close(long id, CloseStatus why) {
        SocketConnection connection = open.get(id);
        if (connection != null) {
            connection.close(why);
        }
        return connection != null;
    }

    PacketCounts packets() {
        return packets;
    }

    /** What of them is in the numbers of the program. */
    Stats.Connections counts() {
        return new Stats.Connections(
                open.size(),
                accepted.sum(),
                closed.sum(),
                messages.sum(),
                refused.sum(),
                budget.evicted(),
                budget.held(),
                budget.limit(),
                refusedRequests.sum());
    }

    /** A child has ended; see {@link SocketConnection#writerGone}. */
    void writerGone(long childSerial) {
        open.values().forEach(connection -> connection.writerGone(childSerial));
    }

    List<SocketConnection> all() {
        return List.copyOf(open.values());
    }

    int size() {
        return open.size();
    }
}
