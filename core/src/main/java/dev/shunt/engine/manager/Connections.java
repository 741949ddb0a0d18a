package dev.shunt.engine.manager;

import dev.shunt.engine.SocketConnection;
import dev.shunt.engine.manager.WorkItem.ConnectionItem;
import dev.shunt.engine.slots.Settlement;
import dev.shunt.ipc.WorkKind;
import dev.shunt.task.Outcome;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** All accepted connections of the program, by number; safe for use by any thread, but for {@link #ended}. */
final class Connections {

    private static final Logger LOG = LoggerFactory.getLogger(Connections.class);

    private final Map<Long, SocketConnection> open = new ConcurrentHashMap<>();
    private final AtomicLong waitingBytes = new AtomicLong();
    private final LongAdder accepted = new LongAdder();
    private final LongAdder closed = new LongAdder();
    private final LongAdder messages = new LongAdder();
    private volatile Runnable whenEmpty = () -> {};
    private volatile LongConsumer whenUncongested = _ -> {};

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

    /** Of messages that wait for their handler, on all connections. */
    AtomicLong waitingBytes() {
        return waitingBytes;
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

    boolean close(long id) {
        SocketConnection connection = open.get(id);
        if (connection != null) {
            connection.close();
        }
        return connection != null;
    }

    /** On the main loop: an event's handler has ended, well or not, or never will. */
    void ended(ConnectionItem event, Settlement settlement) {
        DispatchedConnection connection = event.connection();
        if (event.kind() == WorkKind.MESSAGE || event.kind() == WorkKind.CONNECT) {
            connection.messageEnded(event.data().bytes().length);
        }
        if (settlement.outcome() == Outcome.FAILED) {
            LOG.error(
                    "the {} handler of {} threw; the connection is closed\n{}",
                    what(event),
                    connection,
                    settlement.failure().stack());
            connection.breakOff();
        } else if (settlement.outcome() == Outcome.LOST) {
            connection.cut("its " + what(event) + " handler is gone: " + settlement.data());
        }
        if (event.kind() == WorkKind.CLOSE) {
            connection.closeSequence();
        }
    }

    private static String what(ConnectionItem event) {
        return event.kind().name().toLowerCase(Locale.ROOT);
    }

    long accepted() {
        return accepted.sum();
    }

    long closed() {
        return closed.sum();
    }

    long messages() {
        return messages.sum();
    }

    int size() {
        return open.size();
    }
}
