package dev.shunt.engine;

import dev.shunt.data.Data;
import dev.shunt.fatal.FatalErrors;
import dev.shunt.log.Log;
import dev.shunt.net.ApplicationProtocol;
import dev.shunt.netty.Socket;
import dev.shunt.netty.SocketEvents;
import dev.shunt.plan.ConnectionHandlers;
import dev.shunt.timer.NamedAction;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Brings the events of one outgoing connection to the slot that opened it. While too many of its messages wait for that
 * slot, the socket is not read.
 */
public final class OutgoingEvents implements SocketEvents {

    private static final int CONNECT_FAIL = 1;

    private final Executor slot;
    private final ApplicationProtocol protocol;
    private final ConnectionHandlers handlers;
    private final int maxWaiting;
    private final WaitingMessages all;
    private @Nullable WaitingInput input;
    private @Nullable SocketConnection connection;

    /**
     * @param maxWaiting messages of this connection that may wait
     * @param all messages that wait, of all connections that this process opened
     */
    public OutgoingEvents(
            Executor slot,
            ApplicationProtocol protocol,
            ConnectionHandlers handlers,
            int maxWaiting,
            WaitingMessages all) {
        this.slot = slot;
        this.protocol = protocol;
        this.handlers = handlers;
        this.maxWaiting = maxWaiting;
        this.all = all;
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
        onSlot(socket, () -> unlessClosing(socket, () -> handlers.connected(connection(socket))));
    }

    /** What has come before the program closed it, but not yet to the slot, is dropped. */
    private void unlessClosing(Socket socket, ProgramCode code) throws Throwable {
        if (!connection(socket).isClosing()) {
            code.run();
        }
    }

    @Override
    public boolean takes(Socket socket) {
        return input(socket).takes();
    }

    @Override
    public void received(Socket socket, Data packet) {
        int size = packet.size();
        input(socket).add(size);
        onSlot(socket, () -> {
            try {
                unlessClosing(socket, () -> handlers.received(connection(socket), Data.of(protocol.decode(packet))));
            } finally {
                input(socket).remove(size);
            }
        });
    }

    private synchronized WaitingInput input(Socket socket) {
        if (input == null) {
            input = new WaitingInput(socket, maxWaiting, all);
        }
        return input;
    }

    @Override
    public void failed(Socket socket, String message) {
        onSlot(socket, () -> unlessClosing(socket, () -> handlers.failed(connection(socket), CONNECT_FAIL, message)));
    }

    @Override
    public void drained(Socket socket) {
        onSlot(socket, () -> unlessClosing(socket, () -> handlers.drained(connection(socket))));
    }

    @Override
    public void closed(Socket socket, String reason) {
        onSlot(socket, () -> handlers.closed(connection(socket)));
    }

    private void onSlot(Socket socket, ProgramCode code) {
        slot.execute(new Handler(connection(socket), code));
    }

    private record Handler(SocketConnection connection, ProgramCode code) implements NamedAction {

        @Override
        public void run() {
            try {
                code.run();
            } catch (Throwable e) { // the program's own code: its connection is closed, the slot lives on
                FatalErrors.letOn(e);
                Log.of(OutgoingEvents.class).error("{} threw; it is closed", this, e);
                connection.breakOff();
            }
        }

        @Override
        public String kind() {
            return "a handler";
        }

        @Override
        public String toString() {
            return kind() + " of " + connection;
        }
    }
}
