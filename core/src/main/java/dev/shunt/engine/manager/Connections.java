package dev.shunt.engine.manager;

import dev.shunt.engine.SocketConnection;
import dev.shunt.engine.WaitingMessages;
import dev.shunt.http.Bodies;
import dev.shunt.http.Request;
import dev.shunt.net.CloseStatus;
import dev.shunt.net.ConnectionInfo;
import dev.shunt.netty.MemoryBudget;
import dev.shunt.plan.Listener;
import dev.shunt.question.OfConnections;
import dev.shunt.stats.Stats;
import dev.shunt.time.Clock;
import dev.shunt.timer.Loop;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongConsumer;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/** All accepted connections of the program, by number. Safe for use by any thread. */
final class Connections {

    private final MemoryBudget budget;
    private final Clock clock;
    private final WaitingMessages waiting;
    private final Map<Long, SocketConnection> open = new ConcurrentHashMap<>();
    private final Map<Loop, TurnTime> times = new ConcurrentHashMap<>();
    private final LongAdder refused = new LongAdder();
    private final LongAdder refusedRequests = new LongAdder();
    private final Map<Listener, ListenerCounts> byListener = new ConcurrentHashMap<>();
    private final Memberships members = new Memberships(this);
    private final PacketCounts packets = new PacketCounts();
    private volatile OtherNodes others = OtherNodes.NONE;
    private volatile Runnable whenEmpty = () -> {};
    private volatile LongConsumer whenUncongested = _ -> {};

    Connections(MemoryBudget budget, Clock clock) {
        this.budget = budget;
        this.clock = clock;
        waiting = new WaitingMessages(budget.limit());
    }

    void opened(SocketConnection connection) {
        connection.opened(clock.nanoTime());
        open.put(connection.id(), connection);
    }

    /** Of one listener of the plan. */
    ListenerCounts counts(Listener listener) {
        return byListener.computeIfAbsent(listener, _ -> new ListenerCounts());
    }

    private long sum(ToLongFunction<ListenerCounts> count) {
        return byListener.values().stream().mapToLong(count).sum();
    }

    void closed(long id) {
        open.remove(id);
        members.closed(id);
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

    /** Readings of the clock that all connections of a loop share. */
    TurnTime timesOf(Loop loop) {
        return times.computeIfAbsent(loop, same -> new TurnTime(same, clock));
    }

    /** What children have refused since they said so last. */
    void refusedInChild(long more, long moreRequests) {
        refused.add(more);
        refusedRequests.add(moreRequests);
    }

    /** Open ones, at any moment. */
    Collection<SocketConnection> all() {
        return open.values();
    }

    /** Who has the connections that are not here. */
    void others(OtherNodes nodes) {
        others = nodes;
    }

    OtherNodes others() {
        return others;
    }

    /** Who belongs to whom. */
    Memberships members() {
        return members;
    }

    boolean send(long id, Object message) {
        SocketConnection connection = open.get(id);
        return connection == null ? others.send(id, message) : connection.send(message);
    }

    /** See {@link dev.shunt.engine.Engine#askBody}. */
    void askBody(long requestId, int bytes, Bodies.Sink sink) {
        SocketConnection connection = open.get(Request.connectionOf(requestId));
        if (connection == null) {
            sink.failed("the client has gone");
        } else {
            connection.askBody(requestId, bytes, sink);
        }
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
        if (connection == null) {
            return others.close(id, why);
        }
        connection.close(why);
        return true;
    }

    PacketCounts packets() {
        return packets;
    }

    /** What of them is in the numbers of the program. */
    Stats.Connections counts() {
        return new Stats.Connections(
                open.size(),
                sum(ListenerCounts::accepted),
                sum(ListenerCounts::closed),
                sum(ListenerCounts::messages),
                refused.sum(),
                budget.evicted(),
                budget.held(),
                budget.limit(),
                refusedRequests.sum(),
                members.refused());
    }

    /** What is asked about them. */
    Object answer(OfConnections<?> question) {
        return switch (question) {
            case OfConnections.Page(long afterId, int limit) -> page(afterId, limit);
            case OfConnections.Info(long id) ->
                Optional.ofNullable(open.get(id)).map(this::info);
            case OfConnections.IsOpen(long id) -> {
                var connection = open.get(id);
                yield connection != null && connection.isOpen();
            }
            case OfConnections.Abort(long id) -> {
                var connection = open.get(id);
                if (connection == null) {
                    yield others.abort(id);
                }
                connection.abort();
                yield true;
            }
        };
    }

    private List<ConnectionInfo> page(long afterId, int limit) {
        return open.keySet().stream()
                .filter(id -> id > afterId)
                .sorted()
                .map(open::get)
                .filter(Objects::nonNull)
                .limit(limit)
                .map(this::info)
                .toList();
    }

    /** Of all, in the order of their ids. */
    List<ConnectionInfo> infos() {
        return page(-1, Integer.MAX_VALUE);
    }

    private ConnectionInfo info(SocketConnection connection) {
        long nanos = clock.nanoTime();
        long millis = clock.epochMillis();
        var socket = connection.socket();
        return new ConnectionInfo(
                connection.id(),
                connection.remoteAddress(),
                connection.peer().localAddress(),
                connection.protocolName(),
                at(connection.openedNanos() - nanos, millis),
                at(connection.heardNanos() - nanos, millis),
                socket.receivedBytes(),
                socket.sentBytes(),
                connection.waitingBytes(),
                members.uidOf(connection.id()),
                members.groupsOf(connection.id()));
    }

    private static Instant at(long nanosFromNow, long nowMillis) {
        return Instant.ofEpochMilli(nowMillis + Math.min(0, nanosFromNow) / 1_000_000);
    }

    /** A child has ended; see {@link SocketConnection#writerGone}. */
    void writerGone(long childSerial) {
        open.values().forEach(connection -> connection.writerGone(childSerial));
    }

    int size() {
        return open.size();
    }
}
