package dev.shunt.engine.child;

import dev.shunt.data.Codec;
import dev.shunt.data.Data;
import dev.shunt.engine.SocketConnection;
import dev.shunt.engine.WaitingMessages;
import dev.shunt.engine.slots.SlotPool;
import dev.shunt.http.HttpPart;
import dev.shunt.http.Request;
import dev.shunt.ipc.Frame;
import dev.shunt.ipc.Payload;
import dev.shunt.ipc.SlotTable;
import dev.shunt.log.Log;
import dev.shunt.net.CloseStatus;
import dev.shunt.netty.ListeningSocket;
import dev.shunt.netty.Network;
import dev.shunt.plan.Group;
import dev.shunt.plan.Plan;
import dev.shunt.process.ChildIdentity;
import dev.shunt.time.Clock;
import dev.shunt.timer.Loop;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/**
 * The connections of which this child has the sockets, if its plan says so: it accepts them from the manager's listening
 * sockets. The manager is told which there are, and what they did. Safe for use by any thread.
 */
final class OwnSockets {

    private static final Logger LOG = Log.of(OwnSockets.class);

    /** How late the manager may know what connections have sent and received. */
    private static final Duration TELL = Duration.ofMillis(100);

    private final Clock clock = Clock.system();
    private final Plan plan;
    private final List<Integer> listeners;
    private final ManagerLink manager;
    private final SlotPool pool;
    private final SlotTable table;
    private final ChildNetwork network;
    private final Retirement retirement;
    private final HandlerPace pace = new HandlerPace();
    private final ConnectionNumbers numbers;
    private final SocketCounts counts;
    private final WaitingMessages waiting;
    private final Map<Long, OwnConnection> open = new ConcurrentHashMap<>();
    private final List<ListeningSocket> doors = new ArrayList<>();
    private final CompletableFuture<Void> allOver = new CompletableFuture<>();
    private volatile CloseStatus leavingBecause = CloseStatus.RESTART;
    private volatile boolean leaving;
    private volatile boolean ending;

    OwnSockets(
            Plan plan,
            Group group,
            ManagerLink manager,
            SlotPool pool,
            SlotTable table,
            ChildNetwork network,
            Retirement retirement) {
        this.retirement = retirement;
        this.plan = plan;
        this.table = table;
        this.manager = manager;
        this.pool = pool;
        this.network = network;
        listeners = IntStream.range(0, plan.listeners().size())
                .filter(index -> plan.listeners().get(index).group().equals(group.name()))
                .filter(index -> plan.hasSocketsInChildren(plan.listeners().get(index)))
                .boxed()
                .toList();
        numbers = new ConnectionNumbers(manager);
        counts = new SocketCounts(clock, manager);
        waiting = new WaitingMessages(plan.settings().maxConnectionMemory());
    }

    /** Whether this child has any, now or later. */
    boolean areWanted() {
        return !listeners.isEmpty();
    }

    /** Gets the listening sockets, which accept when the manager says so. Waits; throws if there are none to be had. */
    void open(ChildIdentity identity) {
        if (areWanted()) {
            try {
                borrow(identity);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            tellLater();
        }
    }

    /** Its slots have started: the manager may have it accept from now on. */
    void ready() {
        if (areWanted()) {
            manager.tell(new Frame.AskConnectionIds());
        }
    }

    private void borrow(ChildIdentity identity) throws IOException {
        Network opened = network.get();
        var descriptors = opened.borrowListeners(identity.sockets(), identity.secret(), listeners);
        for (int i = 0; i < listeners.size(); i++) {
            int index = listeners.get(i);
            var listener = plan.listeners().get(index);
            doors.add(opened.adopt(
                    descriptors.get(i),
                    listener.endpoint(),
                    listener.protocol(),
                    listener.limits(),
                    listener.options(),
                    new OwnListener(listener, index, this),
                    numbers));
        }
    }

    // For connections and their listeners

    HandlerPace pace() {
        return pace;
    }

    Retirement retirement() {
        return retirement;
    }

    SocketCounts counts() {
        return counts;
    }

    WaitingMessages waiting() {
        return waiting;
    }

    /** Where the manager sees what runs on slots. */
    SlotTable table() {
        return table;
    }

    ManagerLink manager() {
        return manager;
    }

    long now() {
        return clock.nanoTime();
    }

    Loop loop() {
        return network.get().loop(0);
    }

    boolean runHere(OwnConnection connection) {
        return pool.runHere(connection);
    }

    void runOnSlot(OwnConnection connection) {
        pool.add(connection);
    }

    void interrupt(long lease) {
        pool.interrupt(lease);
    }

    /** It was interrupted and goes on: only the end of this process ends it. */
    void hasStuckHandler(OwnConnection connection) {
        LOG.warn("a handler of {} has not ended though it was interrupted; this process is to be replaced", connection);
        connection.connection().close(CloseStatus.TOO_LONG);
        manager.tell(new Frame.Leaving());
    }

    void opened(OwnConnection connection, int listener) {
        open.put(connection.connection().id(), connection);
        connection.connection().opened(clock.nanoTime());
        manager.tell(new Frame.SocketOpened(listener, connection.connection().peer()));
        if (leaving) {
            connection.leave(leavingBecause);
        }
    }

    /** Its socket is closed; its handler may still have to hear of it. */
    void closed(OwnConnection connection, String reason) {
        counts.tell(List.of(connection));
        manager.tell(new Frame.SocketClosed(connection.connection().id(), reason));
    }

    /** Its handler has heard that it is closed. */
    void over(OwnConnection connection) {
        open.remove(connection.connection().id());
        counts.closed(connection);
        endIfNoneIsOpen();
    }

    CloseStatus leavingBecause() {
        return leavingBecause;
    }

    // For the engine of this child

    /** The open one of that id, if its socket is here. */
    @Nullable SocketConnection get(long id) {
        var connection = open.get(id);
        return connection == null ? null : connection.connection();
    }

    /** What a slot's own connections bring runs as its handlers do. */
    Executor here(int slot, Executor otherwise) {
        return areWanted() ? new HereOrSlot(pace, clock, loop(), pool, slot, otherwise) : otherwise;
    }

    /** What the manager is asked next is asked of what has been until now. */
    void tellCounts() {
        if (areWanted()) {
            counts.tell(open.values());
        }
    }

    private void tellLater() {
        try {
            var _ = loop().schedule(
                            () -> {
                                try {
                                    tellCounts();
                                } finally {
                                    tellLater();
                                }
                            },
                            TELL);
        } catch (RejectedExecutionException e) {
            LOG.trace("after the end", e);
        }
    }

    // What the manager says

    void received(Frame.ToChild.OfSockets frame) {
        switch (frame) {
            case Frame.ConnectionIds ids -> numbers.given(ids);
            case Frame.Doors(var state) -> loop().execute(() -> doors(state));
            case Frame.Deliver(long id, var payload) -> deliver(id, packet(payload));
            case Frame.DeliverToAll(var ids, var payload) -> {
                var packet = packet(payload);
                ids.forEach(id -> deliver(id, packet));
            }
            case Frame.CloseSocket(long id, var why) -> {
                var connection = get(id);
                if (connection != null) {
                    connection.close(why);
                }
            }
            case Frame.CutSocket(long id, var reason) -> {
                var connection = get(id);
                if (connection != null) {
                    connection.socket().destroy(reason);
                }
            }
            case Frame.PassAnswer(long number, var payload) ->
                manager.tell(new Frame.AnswerPassed(
                        number, answer(HttpPart.of(packet(payload).bytes()))));
        }
    }

    private static Data packet(Payload payload) {
        return ((Payload.Inline) payload).data(Codec.json());
    }

    /** On the loop, where to stop accepting waits for nothing: its handlers may wait for who reads the link. */
    private void doors(Frame.Doors.State state) {
        switch (state) {
            case OPEN -> doors.forEach(ListeningSocket::accept);
            case SHUT -> doors.forEach(ListeningSocket::stopAccepting);
            case LEAVING -> {
                leavingBecause = CloseStatus.GOING_AWAY;
                leave();
            }
        }
    }

    private void deliver(long id, Data packet) {
        var connection = open.get(id);
        if (connection != null) {
            connection.deliveries().arrived(packet);
        }
    }

    private Frame.Answered.How answer(HttpPart part) {
        var connection = get(Request.connectionOf(part.requestId()));
        try {
            return connection != null && answer(connection, part) ? Frame.Answered.How.TAKEN : Frame.Answered.How.GONE;
        } catch (IllegalStateException e) { // which is for whoever answers
            return Frame.Answered.How.TOO_LATE;
        }
    }

    /** See {@link dev.shunt.engine.Engine#answer}; the manager hears if it becomes a WebSocket. */
    boolean answer(SocketConnection connection, HttpPart part) {
        boolean taken = connection.answer(part);
        if (taken && part.is(HttpPart.FIRST) && HttpPart.isUpgrade(part.packet().bytes())) {
            manager.tell(new Frame.SocketUpgraded(connection.id()));
        }
        return taken;
    }

    // The end

    private void leave() {
        leaving = true;
        doors.forEach(ListeningSocket::stopAccepting);
        open.values().forEach(connection -> connection.leave(leavingBecause));
    }

    /**
     * Accepts no more. WebSockets are told at once that this process goes, and requests of HTTP are the last on their
     * connections; what is open after the drain time is closed. Done when nothing is open.
     */
    CompletableFuture<Void> end(Duration drainTime) {
        if (areWanted()) {
            loop().execute(() -> endOnLoop(drainTime));
        } else {
            allOver.complete(null);
        }
        return allOver;
    }

    private void endOnLoop(Duration drainTime) {
        doors.forEach(ListeningSocket::stopAccepting);
        open.values().stream()
                .filter(connection -> connection.connection().protocolName().equals("websocket"))
                .forEach(connection -> connection.leave(leavingBecause));
        var _ = loop().schedule(this::leave, drainTime);
        ending = true;
        endIfNoneIsOpen();
    }

    private void endIfNoneIsOpen() {
        if (ending && open.isEmpty()) {
            tellCounts();
            allOver.complete(null);
        }
    }
}
