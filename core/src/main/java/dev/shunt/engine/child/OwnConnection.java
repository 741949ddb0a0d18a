package dev.shunt.engine.child;

import dev.shunt.data.Data;
import dev.shunt.engine.SocketConnection;
import dev.shunt.engine.WaitingInput;
import dev.shunt.engine.slots.HandlerRun;
import dev.shunt.engine.slots.Interruption;
import dev.shunt.engine.slots.Settlement;
import dev.shunt.engine.slots.Slots;
import dev.shunt.ipc.WorkKind;
import dev.shunt.log.Log;
import dev.shunt.log.StackTrace;
import dev.shunt.net.CloseStatus;
import dev.shunt.netty.Socket;
import dev.shunt.task.Outcome;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/**
 * A connection whose socket this child has. Its events are handled one after the other: on the loop that brings them while
 * handlers are short and a slot is idle, else on any slot. Its socket is not read while too many wait. The loop tells what
 * happens; the rest is safe for any thread.
 */
final class OwnConnection implements Slots.Leased, SocketCounts.Counted {

    private static final Logger LOG = Log.of(OwnConnection.class);

    /** @param waits it is counted among what waits for slots */
    private record Event(WorkKind kind, Data data, boolean waits) {}

    private final SocketConnection connection;
    private final Socket socket;
    private final OwnListener owner;
    private final WaitingInput input;
    private final Deque<Event> waiting = new ArrayDeque<>();

    /** Somebody handles an event, or is about to, and looks for the next one. */
    private boolean busy;

    /** What the loop handles itself. */
    private @Nullable Event here;

    /** Written by the loop alone; who else looks may see it a little late. */
    private long messages;

    private volatile boolean broken;
    private volatile boolean inputEnded;
    private volatile boolean leaving;
    private final OwnDeliveries deliveries;

    OwnConnection(Socket socket, OwnListener owner) {
        this.socket = socket;
        this.owner = owner;
        this.connection = new SocketConnection(socket, owner.listener().protocol());
        this.input = new WaitingInput(
                socket,
                owner.listener().limits().maxWaitingMessages(),
                owner.sockets().waiting());
        this.deliveries = new OwnDeliveries(
                connection,
                owner.listener().limits().maxSendBytes(),
                owner.sockets().manager());
    }

    @Override
    public SocketConnection connection() {
        return connection;
    }

    /** On the loop: a message has come. */
    void heard(long nanos) {
        messages++;
        connection.heard(nanos);
    }

    /** That have come. */
    @Override
    public long messages() {
        return messages;
    }

    /** What comes for it from elsewhere in the program. */
    OwnDeliveries deliveries() {
        return deliveries;
    }

    boolean takes() {
        return input.takes();
    }

    /** On the loop. */
    void happened(WorkKind kind, Data data) {
        if (mayRunHere() && beginHere(kind, data)) {
            if (owner.sockets().runHere(this)) {
                return;
            }
            here = null;
            input.add(data.size());
            synchronized (this) {
                waiting.addFirst(new Event(kind, data, true)); // what has come meanwhile is behind it
            }
            owner.sockets().runOnSlot(this);
            return;
        }
        input.add(data.size());
        synchronized (this) {
            waiting.add(new Event(kind, data, true));
            if (busy) {
                return;
            }
            busy = true;
        }
        owner.sockets().runOnSlot(this);
    }

    /** A handler of HTTP may wait for its client to read, or to send more, which this loop must see to. */
    private boolean mayRunHere() {
        return owner.sockets().pace().isShort()
                && socket.takesMessages()
                && owner.listener().options().handlerTimeout().isEmpty();
    }

    private synchronized boolean beginHere(WorkKind kind, Data data) {
        if (busy) {
            return false;
        }
        busy = true;
        here = new Event(kind, data, false);
        return true;
    }

    @Override
    public long lease() {
        return Long.MIN_VALUE + connection.id(); // the manager counts its leases from 0
    }

    @Override
    public int slot() {
        return ANY_SLOT;
    }

    @Override
    public boolean isOwn() {
        return true;
    }

    @Override
    public void run(int index, Interruption interruption) {
        Event event = next();
        if (event == null) {
            return;
        }
        try {
            if (wants(event.kind())) {
                long began = owner.sockets().now();
                if (event.waits()) {
                    owner.sockets().table().startingOwn(index, lease(), event.kind(), connection.id(), 1, began);
                    handle(event, interruption);
                    owner.sockets().table().ended(index);
                } else {
                    handle(event, interruption);
                }
                owner.sockets().pace().ran(owner.sockets().now() - began);
                owner.sockets().retirement().ran();
            }
        } finally {
            ended(event);
        }
    }

    private synchronized @Nullable Event next() {
        Event event = here;
        here = null;
        return event == null ? waiting.poll() : event;
    }

    /** Whether an event still has a handler to run, now that it is its turn. */
    private boolean wants(WorkKind kind) {
        return kind == WorkKind.CONNECT || kind == WorkKind.CLOSE || (!broken && !connection.isClosing());
    }

    private void handle(Event event, Interruption interruption) {
        var limit = owner.limit(this, event.kind());
        interruption.begin(event.kind() == WorkKind.CLOSE ? ~lease() : lease()); // which no limit interrupts
        Settlement settlement;
        try {
            settlement = HandlerRun.connection(owner.listener(), event.kind(), connection, event.data());
        } finally {
            interruption.end();
        }
        String what = event.kind().name().toLowerCase(Locale.ROOT);
        if (!limit.inTime()) {
            broken = true;
            LOG.warn("the {} handler of {} took too long (handlerTimeout); the connection is closed", what, connection);
            connection.close(CloseStatus.TOO_LONG);
        } else if (settlement.outcome() == Outcome.FAILED) {
            broken = true;
            LOG.error(
                    "the {} handler of {} threw; the connection is closed\n{}",
                    what,
                    connection,
                    new StackTrace(settlement.failure().stack()));
            connection.breakOff();
        }
    }

    private void ended(Event event) {
        if (event.waits()) {
            input.remove(event.data().size());
        }
        boolean again;
        synchronized (this) {
            again = !waiting.isEmpty();
            busy = again;
        }
        if (again) {
            owner.sockets().runOnSlot(this);
        }
        if (event.kind() == WorkKind.CLOSE) {
            owner.sockets().over(this);
        } else {
            closeIfAllIsAnswered();
        }
    }

    /** The peer sends no more: what it has sent is still answered, then it is closed. */
    void inputEnded() {
        inputEnded = true;
        closeIfAllIsAnswered();
    }

    /** This process serves no longer: it is closed when what has come is handled, and its peer told why. */
    void leave(CloseStatus why) {
        leaving = true;
        if (isIdle()) {
            goodbye(why);
        }
    }

    private void goodbye(CloseStatus why) {
        if (socket.takesMessages()) {
            connection.close(why);
        } else {
            socket.shutDown();
        }
    }

    private synchronized boolean isIdle() {
        return !busy && waiting.isEmpty();
    }

    private void closeIfAllIsAnswered() {
        if ((inputEnded || leaving) && isIdle()) {
            if (leaving) {
                goodbye(owner.sockets().leavingBecause());
            } else {
                connection.close();
            }
        }
    }

    @Override
    public String toString() {
        return connection.toString();
    }
}
