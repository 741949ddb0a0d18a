package dev.shunt.engine.manager;

import dev.shunt.engine.CurrentEngine;
import dev.shunt.engine.SocketConnection;
import dev.shunt.http.HttpPart;
import dev.shunt.ipc.Frame;
import dev.shunt.ipc.Frame.FromChild;
import dev.shunt.ipc.Payload;
import dev.shunt.netty.SharedPacket;
import dev.shunt.plan.Plan;
import dev.shunt.process.Child;
import dev.shunt.time.Clock;
import dev.shunt.timer.Loop;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.IntToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Sockets that children have: the program's connections all the same. What children say of them is told here, and whether
 * they accept is said here. Lives on the main loop, but for what says that any thread may ask.
 */
final class ChildSockets {

    private static final int IDS_AT_ONCE = 4_096;
    private static final int PATIENCE_SECONDS = 5;

    private final Plan plan;
    private final Connections connections;
    private final Loop main;
    private final Clock clock;
    private final Map<Long, RemoteSocket> open = new HashMap<>();

    /** Those that have asked for ids, by serial. */
    private final Map<Long, Child> children = new LinkedHashMap<>();

    /** What goes to many in this turn of the loop, by serial. */
    private final Map<Long, Shared> shared = new HashMap<>();

    private final Map<Long, Passed> passed = new HashMap<>();
    private IntToLongFunction numbers = _ -> {
        throw new IllegalStateException("no connection is numbered yet");
    };
    private Frame.Doors.@Nullable State doors;
    private long lastPassed;

    private record Shared(Child child, SharedPacket packet, List<Long> ids) {}

    private record Passed(Child to, Consumer<Frame.Answered.How> answer) {}

    ChildSockets(Plan plan, Connections connections, Loop main, Clock clock) {
        this.plan = plan;
        this.connections = connections;
        this.main = main;
        this.clock = clock;
    }

    /** @param of the first of so many ids that no other connection has; before any child is started */
    void numbered(IntToLongFunction of) {
        numbers = of;
    }

    Loop main() {
        return main;
    }

    /** From any thread. */
    void doors(Frame.Doors.State state) {
        onMain(() -> {
            doors = state;
            children.values().forEach(child -> child.send(new Frame.Doors(state)));
        });
    }

    void received(Child child, FromChild.OfSockets frame) {
        switch (frame) {
            case Frame.AskConnectionIds _ -> giveIds(child);
            case Frame.SocketOpened(int listener, var peer) -> {
                var spec = plan.listeners().get(listener);
                var socket = new RemoteSocket(child, spec, peer, this, connections.counts(spec));
                var connection = new SocketConnection(socket, spec.protocol());
                socket.attach(connection);
                open.put(peer.connectionId(), socket);
                socket.counts().opened();
                connections.opened(connection);
            }
            case Frame.SocketUpgraded(long id) -> {
                var socket = open.get(id);
                if (socket != null) {
                    socket.upgraded();
                }
            }
            case Frame.SocketClosed(long id, var reason) -> {
                var socket = open.remove(id);
                if (socket != null) {
                    closed(socket, reason);
                }
            }
            case Frame.SocketsCounted counted -> counted(counted);
            case Frame.Delivered(long id, long position) -> {
                var socket = open.get(id);
                if (socket != null && socket.delivered(position)) {
                    drained(socket);
                }
            }
            case Frame.AnswerPassed(long number, var how) -> {
                var waiting = passed.remove(number);
                if (waiting != null) {
                    waiting.answer().accept(how);
                }
            }
        }
    }

    private void giveIds(Child child) {
        child.send(new Frame.ConnectionIds(numbers.applyAsLong(IDS_AT_ONCE), IDS_AT_ONCE));
        if (children.put(child.serial(), child) == null && doors != null) {
            child.send(new Frame.Doors(doors));
        }
    }

    private void counted(Frame.SocketsCounted counted) {
        connections.refusedInChild(counted.refused(), counted.refusedRequests());
        long now = clock.nanoTime();
        for (var count : counted.counts()) {
            var socket = open.get(count.connectionId());
            if (socket != null && socket.attachment() instanceof SocketConnection connection) {
                socket.counted(count);
                connection.heard(now - count.heardNanosAgo());
            }
        }
    }

    private void closed(RemoteSocket socket, String reason) {
        socket.closed();
        socket.counts().closed(reason);
        connections.closed(socket.peer().connectionId());
    }

    private void drained(RemoteSocket socket) {
        if (socket.attachment() instanceof SocketConnection connection && connection.sendKept()) {
            connections.uncongested(connection.id());
        }
    }

    /** It has ended, and its connections with it. */
    void gone(Child child) {
        children.remove(child.serial());
        shared.remove(child.serial());
        var closed = open.values().stream()
                .filter(socket -> socket.child().serial() == child.serial())
                .toList();
        for (var socket : closed) {
            open.remove(socket.peer().connectionId());
            closed(socket, "its process has ended");
        }
        var unanswered = passed.entrySet().stream()
                .filter(entry -> entry.getValue().to().serial() == child.serial())
                .toList();
        for (var entry : unanswered) {
            passed.remove(entry.getKey());
            entry.getValue().answer().accept(Frame.Answered.How.GONE);
        }
    }

    /** From any thread; in its order with what that thread sends. */
    void tell(Child child, Frame.ToChild frame) {
        onMain(() -> {
            flush(child);
            child.send(frame);
        });
    }

    /** As {@link #tell}: one frame for all connections of a child that the same packet goes to. */
    void deliver(Child child, long id, SharedPacket packet) {
        onMain(() -> {
            var gathered = shared.get(child.serial());
            if (gathered != null && gathered.packet() == packet) {
                gathered.ids().add(id);
                return;
            }
            flush(child);
            if (shared.isEmpty()) {
                main.atEndOfTurn(this::flushAll);
            }
            shared.put(child.serial(), new Shared(child, packet, new ArrayList<>(List.of(id))));
        });
    }

    private void flush(Child child) {
        var gathered = shared.remove(child.serial());
        if (gathered != null) {
            child.send(new Frame.DeliverToAll(
                    gathered.ids(), Payload.inline(gathered.packet().data())));
        }
    }

    private void flushAll() {
        List.copyOf(shared.values()).forEach(gathered -> flush(gathered.child()));
    }

    /** An answer from elsewhere to a request that came by this socket; what becomes of it is told on the main loop. */
    void answer(RemoteSocket socket, HttpPart part, Consumer<Frame.Answered.How> told) {
        onMain(() -> {
            if (!socket.isOpen()) {
                told.accept(Frame.Answered.How.GONE);
                return;
            }
            long number = ++lastPassed;
            passed.put(number, new Passed(socket.child(), told));
            tell(socket.child(), new Frame.PassAnswer(number, Payload.inline(part.packet())));
        });
    }

    /**
     * As the other one, of the manager's own: waits to hear who has answered, unless the caller is an event loop.
     *
     * @throws IllegalStateException if it has been answered, or is no longer waited for
     */
    boolean answer(RemoteSocket socket, HttpPart part) {
        var told = new CompletableFuture<Frame.Answered.How>();
        answer(socket, part, told::complete);
        if (main.inLoop() || CurrentEngine.isOnLoop()) {
            return socket.isOpen();
        }
        try {
            return switch (told.get(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                case TAKEN -> true;
                case GONE -> false;
                case TOO_LATE -> throw SocketConnection.notWaitedFor(part.requestId());
            };
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return true; // it is on its way, whoever waits
        } catch (ExecutionException | TimeoutException e) {
            throw new IllegalStateException(socket + " has not said within " + PATIENCE_SECONDS + " s who answers", e);
        }
    }

    private void onMain(Runnable action) {
        if (main.inLoop()) {
            action.run();
        } else {
            main.execute(action);
        }
    }
}
