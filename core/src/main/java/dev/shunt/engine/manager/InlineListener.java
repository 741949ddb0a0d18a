package dev.shunt.engine.manager;

import dev.shunt.data.Data;
import dev.shunt.engine.LoopWatch;
import dev.shunt.engine.ProgramCode;
import dev.shunt.engine.SocketConnection;
import dev.shunt.log.Log;
import dev.shunt.net.Connection;
import dev.shunt.netty.Socket;
import dev.shunt.netty.SocketEvents;
import dev.shunt.plan.Listener;
import dev.shunt.time.Clock;
import org.slf4j.Logger;

/**
 * A listener whose handlers run on the event loop of each connection. A handler that holds up its loop is named in the
 * log.
 */
final class InlineListener implements SocketEvents {

    private static final Logger LOG = Log.of(InlineListener.class);

    private final Listener listener;
    private final Connections connections;
    private final ListenerCounts counts;
    private final LoopSlots slots;
    private final LoopWatch watch;

    InlineListener(Listener listener, Connections connections, LoopSlots slots, Clock clock) {
        this.listener = listener;
        this.connections = connections;
        this.counts = connections.counts(listener);
        this.slots = slots;
        this.watch = new LoopWatch(clock);
    }

    @Override
    public void opened(Socket socket) {
        var connection = new SocketConnection(socket, listener.protocol());
        socket.attach(connection);
        counts.opened();
        connections.opened(connection);
        run(socket, "connect", () -> listener.handlers().connected(connection));
    }

    @Override
    public void refused() {
        connections.refused();
    }

    @Override
    public void requestRefused() {
        connections.requestRefused();
    }

    @Override
    public void received(Socket socket, Data packet) {
        counts.messageReceived();
        SocketConnection connection = of(socket);
        if (!connection.isClosing()) {
            ProgramCode code = () -> listener.handlers()
                    .received(connection, Data.of(listener.protocol().decode(packet)));
            if (listener.protocol().hasToWait(packet)) {
                connection.heard(watch.now());
                slots.handleElsewhere(
                        socket.loop(), "shunt-" + connection.id(), () -> guarded(socket, "message", code));
            } else {
                connection.heard(run(socket, "message", code));
            }
        }
    }

    @Override
    public void failed(Socket socket, String message) {}

    @Override
    public void drained(Socket socket) {
        SocketConnection connection = of(socket);
        if (connection.sendKept()) {
            connections.uncongested(connection.id());
            if (!connection.isClosing()) {
                run(socket, "drain", () -> listener.handlers().drained(connection));
            }
        }
    }

    @Override
    public void closed(Socket socket, String reason) {
        if (socket.attachment() instanceof Connection connection) {
            counts.closed(reason);
            connections.closed(connection.id());
            run(socket, "close", () -> listener.handlers().closed(connection));
        }
    }

    /** Returns when it began. */
    private long run(Socket socket, String what, ProgramCode code) {
        long began = watch.now();
        slots.handle(socket.loop(), () -> guarded(socket, what, code));
        long took = watch.now() - began;
        if (LoopWatch.isSlow(took)) {
            var at = listener.endpoint().withPort(socket.peer().localPort());
            watch.warn(what, "the " + what + " handler of " + at, took);
        }
        return began;
    }

    private static void guarded(Socket socket, String what, ProgramCode code) {
        try {
            code.run();
        } catch (Throwable e) { // the program's own code: its connection is closed, the loop lives on
            socket.loop().endIfFatal(e);
            LOG.error("the {} handler of {} threw; the connection is closed", what, of(socket), e);
            of(socket).breakOff();
        }
    }

    private static SocketConnection of(Socket socket) {
        if (socket.attachment() instanceof SocketConnection connection) {
            return connection;
        }
        throw new IllegalStateException("a socket that never opened");
    }
}
