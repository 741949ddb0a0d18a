package dev.shunt.engine.manager;

import dev.shunt.data.Data;
import dev.shunt.dispatch.Sequence;
import dev.shunt.engine.SocketConnection;
import dev.shunt.engine.WaitingInput;
import dev.shunt.engine.slots.HandlerRun;
import dev.shunt.engine.slots.Settlement;
import dev.shunt.ipc.Frame;
import dev.shunt.ipc.Frame.LeaseTerms;
import dev.shunt.ipc.WorkKind;
import dev.shunt.net.CloseStatus;
import dev.shunt.netty.Socket;
import dev.shunt.plan.Listener;
import dev.shunt.task.Outcome;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * An accepted connection whose handlers run on slots, as the manager knows it. Its sequence keeps its events in order.
 * Its socket is not read while too many of its messages wait for their handler, or too many bytes of it or of all
 * connections; so what waits is bounded but for one message of each connection. The sequence belongs to the main loop,
 * the rest is safe for it and the socket's loop.
 */
final class DispatchedConnection {

    /**
     * Something that happened on a connection, for its handler.
     *
     * @param data the packet of a message, else empty
     */
    record Event(DispatchedConnection connection, WorkKind kind, Data data) implements ConnectionWork {

        @Override
        public long subject() {
            return connection.id();
        }

        @Override
        public int source() {
            return 0;
        }

        @Override
        public boolean isInline() {
            return true;
        }

        @Override
        public LeaseTerms terms(int localSlot) {
            return LeaseTerms.NONE;
        }

        @Override
        public Optional<Frame.ToChild> introduction(long childSerial) {
            return connection.adoption(childSerial);
        }

        @Override
        public Settlement handle() {
            if (!connection.wants(kind)) {
                return Settlement.done(Data.empty());
            }
            var settlement = HandlerRun.connection(connection.listener, kind, connection.connection, data);
            if (settlement.outcome() == Outcome.FAILED) {
                connection.broken = true; // what is behind it may be on another slot before the main loop knows
            }
            return settlement;
        }
    }

    /** No child; the serial numbers of children count from 0. */
    private static final long NO_CHILD = -1;

    private final SocketConnection connection;
    private final Socket socket;
    private final Listener listener;
    private final int listenerIndex;
    private final WaitingInput input;
    private final TurnTime times;
    private @Nullable Sequence<ConnectionWork> sequence;
    private long adoptedBy = NO_CHILD;
    /** A handler threw, or is gone. */
    private volatile boolean broken;

    private volatile boolean inputEnded;

    DispatchedConnection(Socket socket, Listener listener, int listenerIndex, Connections connections) {
        this.connection = new SocketConnection(socket, listener.protocol());
        this.socket = socket;
        this.listener = listener;
        this.listenerIndex = listenerIndex;
        this.input = new WaitingInput(socket, listener.limits().maxWaitingMessages(), connections.waiting());
        this.times = connections.timesOf(socket.loop());
    }

    long id() {
        return connection.id();
    }

    SocketConnection connection() {
        return connection;
    }

    /** On its loop: a message has come. */
    void heard() {
        connection.heard(times.nanoTime());
    }

    /** On the main loop, before anything else happens there with this connection. */
    void inSequence(Sequence<ConnectionWork> opened) {
        sequence = opened;
    }

    Sequence<ConnectionWork> sequence() {
        return Objects.requireNonNull(sequence);
    }

    /** Whether there is room for one more message; if not, its socket is read again when there is. */
    boolean takes() {
        return input.takes();
    }

    void messageWaits(int bytes) {
        input.add(bytes);
    }

    void messageEnded(int bytes) {
        input.remove(bytes);
        closeIfAllIsAnswered();
    }

    /** The peer sends no more: what it has sent is still answered, then it is closed. */
    void inputEnded() {
        inputEnded = true;
        closeIfAllIsAnswered();
    }

    private void closeIfAllIsAnswered() {
        if (inputEnded && input.isEmpty()) {
            connection.close();
        }
    }

    /** A handler threw, or is gone: what the peer has sent since is not handled any more. */
    void broke() {
        broken = true;
    }

    /** As {@link #broke}, and it is closed. */
    void breakOff() {
        broken = true;
        connection.breakOff();
    }

    /** A handler did not end in time: a client of HTTP is told so. */
    void tookTooLong() {
        broken = true;
        connection.close(CloseStatus.TOO_LONG);
    }

    /** Whether an event still has a handler to run, now that it is its turn. */
    boolean wants(WorkKind kind) {
        return switch (kind) {
            case CONNECT, CLOSE -> true;
            case MESSAGE, DRAINED -> !broken && !connection.isClosing();
            case TASK, PACKET -> throw new IllegalArgumentException(kind + " is no event of a connection");
        };
    }

    /** On the main loop: the child that has events of it, if one has. */
    OptionalLong adoptedBy() {
        return adoptedBy == NO_CHILD ? OptionalLong.empty() : OptionalLong.of(adoptedBy);
    }

    /** Once for each child process that comes to handle this connection. */
    private Optional<Frame.ToChild> adoption(long childSerial) {
        boolean needed = adoptedBy != childSerial;
        adoptedBy = childSerial;
        return needed ? Optional.of(new Frame.Adopt(listenerIndex, connection.peer())) : Optional.empty();
    }

    /** The answer to what it sent is not coming, and its peer must learn that. */
    void cut(String reason) {
        socket.lost(reason);
    }

    @Override
    public String toString() {
        return connection.toString();
    }
}
