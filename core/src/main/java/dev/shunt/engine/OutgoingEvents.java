package dev.shunt.engine;

import dev.shunt.data.Data;
import dev.shunt.net.ApplicationProtocol;
import dev.shunt.netty.Socket;
import dev.shunt.netty.SocketEvents;
import dev.shunt.plan.ConnectionHandlers;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import dev.shunt.log.Log;

/**
 * Brings the events of one outgoing connection to the slot that opened it. While {@code maxWaiting} messages wait for that
 * slot, the socket is not read.
 */
public final class OutgoingEvents implements SocketEvents {

    private static final int CONNECT_FAIL = 1;

    private final Executor slot;
    private final ApplicationProtocol protocol;
    private final ConnectionHandlers handlers;
    private final int maxWaiting;
    private int waiting;
    private @Nullable SocketConnection connection;

    public OutgoingEvents(Executor slot, ApplicationProtocol protocol, ConnectionHandlers handlers, int maxWaiting) {
        this.slot = slot;
        this.protocol = protocol;
        this.handlers = handlers;
        this.maxWaiting = maxWaiting;
    }

    /** The one connection over this socket; the opening slot and the loop ask for it in any order. */
    public synchronized SocketConnection connection(Socket socket) {
        if (connection == null) {
            connection = new SocketConnection(socket, protocol);
        }
        return connection;
    }

    @Override
    public void opened(Socket socket) {
        onSlot(socket, () -> handlers.connected(connection(socket)));
    }

    @Override
    public void received(Socket socket, Data packet) {
        messageWaits(socket);
        onSlot(socket, () -> {
            try {
                handlers.received(connection(socket), Data.of(protocol.decode(packet)));
            } finally {
                messageEnded(socket);
            }
        });
    }

    private synchronized void messageWaits(Socket socket) {
        waiting++;
        if (waiting >= maxWaiting) {
            socket.pauseReading();
        }
    }

    private synchronized void messageEnded(Socket socket) {
        waiting--;
        if (waiting == maxWaiting - 1) {
            socket.resumeReading();
        }
    }

    @Override
    public void failed(Socket socket, String message) {
        onSlot(socket, () -> handlers.failed(connection(socket), CONNECT_FAIL, message));
    }

    @Override
    public void drained(Socket socket) {
        onSlot(socket, () -> handlers.drained(connection(socket)));
    }

    @Override
    public void closed(Socket socket, String reason) {
        onSlot(socket, () -> handlers.closed(connection(socket)));
    }

    private void onSlot(Socket socket, ProgramCode code) {
        slot.execute(() -> {
            try {
                code.run();
            } catch (Throwable e) { // the program's own code: its connection is closed, the slot lives on
                Log.of(OutgoingEvents.class)
                        .error("a handler of {} threw; it is closed", connection(socket), e);
                socket.close();
            }
        });
    }
}
