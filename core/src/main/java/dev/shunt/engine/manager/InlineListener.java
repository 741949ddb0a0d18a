package dev.shunt.engine.manager;

import dev.shunt.data.Data;
import dev.shunt.engine.ProgramCode;
import dev.shunt.engine.SocketConnection;
import dev.shunt.net.Connection;
import dev.shunt.netty.Socket;
import dev.shunt.netty.SocketEvents;
import dev.shunt.plan.Listener;
import dev.shunt.time.Clock;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import dev.shunt.log.Log;

/**
 * A listener whose handlers run on the event loop of each connection. A handler that holds up its loop is named in the
 * log.
 */
final class InlineListener implements SocketEvents {

    private static final Logger LOG = Log.of(InlineListener.class);

    /** A handler that takes longer is told of: other connections of the loop have waited for it. */
    private static final long SLOW_NANOS = Duration.ofMillis(100).toNanos();

    private static final long QUIET_NANOS = Duration.ofSeconds(10).toNanos();

    private final Listener listener;
    private final Connections connections;
    private final LoopSlots slots;
    private final Clock clock;
    private final AtomicLong warnedAt = new AtomicLong();
    private final LongAdder slowRuns = new LongAdder();

    InlineListener(Listener listener, Connections connections, LoopSlots slots, Clock clock) {
        this.listener = listener;
        this.connections = connections;
        this.slots = slots;
        this.clock = clock;
    }

    @Override
    public void opened(Socket socket) {
        var connection = new SocketConnection(socket, listener.protocol());
        socket.attach(connection);
        connections.opened(connection);
        run(socket, "connect", () -> listener.handlers().connected(connection));
    }

    @Override
    public void refused() {
        connections.refused();
    }

    @Override
    public void received(Socket socket, Data packet) {
        connections.messageReceived();
        run(
                socket,
                "message",
                () -> listener.handlers()
                        .received(of(socket), Data.of(listener.protocol().decode(packet))));
    }

    @Override
    public void failed(Socket socket, String message) {}

    @Override
    public void drained(Socket socket) {
        SocketConnection connection = of(socket);
        if (connection.sendKept()) {
            connections.uncongested(connection.id());
            run(socket, "drain", () -> listener.handlers().drained(connection));
        }
    }

    @Override
    public void closed(Socket socket, String reason) {
        if (socket.attachment() instanceof Connection connection) {
            connections.closed(connection.id());
            run(socket, "close", () -> listener.handlers().closed(connection));
        }
    }

    private void run(Socket socket, String what, ProgramCode code) {
        long began = clock.nanoTime();
        slots.enter(socket.loop());
        try {
            code.run();
        } catch (Throwable e) { // the program's own code: its connection is closed, the loop lives on
            LOG.error("the {} handler of {} threw; the connection is closed", what, of(socket), e);
            socket.close();
        }
        long now = clock.nanoTime();
        if (now - began > SLOW_NANOS) {
            warn(socket, what, now, now - began);
        }
    }

    /** At most one line in a while: a handler that blocks once blocks often. */
    private void warn(Socket socket, String what, long now, long took) {
        long last = warnedAt.get();
        slowRuns.increment();
        if ((last == 0 || now - last > QUIET_NANOS) && warnedAt.compareAndSet(last, now)) {
            LOG.warn(
                    "the {} handler of {} held up its event loop for {} ms ({} slow runs so far);"
                            + " give the work to task() or handlers to slots",
                    what,
                    listener.endpoint().withPort(socket.peer().localPort()),
                    took / 1_000_000,
                    slowRuns.sum());
        }
    }

    private static SocketConnection of(Socket socket) {
        if (socket.attachment() instanceof SocketConnection connection) {
            return connection;
        }
        throw new IllegalStateException("a socket that never opened");
    }
}
