package dev.shunt.engine.child;

import dev.shunt.engine.SocketConnection;
import dev.shunt.ipc.Frame;
import dev.shunt.ipc.Frame.SocketCount;
import dev.shunt.time.Clock;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** What has come and gone by sockets of this child, of which the manager is told now and then. Any thread. */
final class SocketCounts {

    /** A connection, and how many messages of it have come. */
    interface Counted {

        SocketConnection connection();

        long messages();
    }

    private final Clock clock;
    private final ManagerLink manager;
    private final LongAdder refused = new LongAdder();
    private final LongAdder refusedRequests = new LongAdder();

    /** What the manager has been told last, by id. */
    private final Map<Long, SocketCount> told = new HashMap<>();

    SocketCounts(Clock clock, ManagerLink manager) {
        this.clock = clock;
        this.manager = manager;
    }

    void refused() {
        refused.increment();
    }

    void requestRefused() {
        refusedRequests.increment();
    }

    synchronized void closed(Counted connection) {
        told.remove(connection.connection().id());
    }

    /** What has changed. */
    synchronized void tell(Collection<? extends Counted> open) {
        long now = clock.nanoTime();
        List<SocketCount> changed = new ArrayList<>();
        for (var connection : open) {
            var count = count(connection, now);
            if (!isSame(count, told.put(count.connectionId(), count))) {
                changed.add(count);
            }
        }
        var frame = new Frame.SocketsCounted(refused.sumThenReset(), refusedRequests.sumThenReset(), changed);
        if (!changed.isEmpty() || frame.refused() + frame.refusedRequests() != 0) {
            manager.tell(frame);
        }
    }

    /** No sum would do: what waited and then went out changes none. */
    private static boolean isSame(SocketCount count, @Nullable SocketCount before) {
        return count.messages() == (before == null ? 0 : before.messages())
                && count.bytesIn() == (before == null ? 0 : before.bytesIn())
                && count.bytesOut() == (before == null ? 0 : before.bytesOut())
                && count.waitingBytes() == (before == null ? 0 : before.waitingBytes());
    }

    private static SocketCount count(Counted counted, long now) {
        var connection = counted.connection();
        var socket = connection.socket();
        return new SocketCount(
                connection.id(),
                counted.messages(),
                socket.receivedBytes(),
                socket.sentBytes(),
                connection.waitingBytes(),
                now - connection.heardNanos());
    }
}
