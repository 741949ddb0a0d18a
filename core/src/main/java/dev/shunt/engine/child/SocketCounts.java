package dev.shunt.engine.child;

import dev.shunt.ipc.Frame;
import dev.shunt.ipc.Frame.SocketCount;
import dev.shunt.time.Clock;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/** What has come and gone by sockets of this child, of which the manager is told now and then. Any thread. */
final class SocketCounts {

    private final Clock clock;
    private final ManagerLink manager;
    private final LongAdder refused = new LongAdder();
    private final LongAdder refusedRequests = new LongAdder();

    /** What the manager has been told last, by id. */
    private final Map<Long, Long> told = new HashMap<>();

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

    synchronized void closed(OwnConnection connection) {
        told.remove(connection.connection().id());
    }

    /** What has changed. */
    synchronized void tell(Collection<OwnConnection> open) {
        long now = clock.nanoTime();
        List<SocketCount> changed = new ArrayList<>();
        for (var connection : open) {
            var count = count(connection, now);
            long sum = count.messages() + count.bytesIn() + count.bytesOut() + count.waitingBytes();
            Long before = told.put(count.connectionId(), sum);
            if (before == null ? sum != 0 : before != sum) {
                changed.add(count);
            }
        }
        var frame = new Frame.SocketsCounted(refused.sumThenReset(), refusedRequests.sumThenReset(), changed);
        if (!changed.isEmpty() || frame.refused() + frame.refusedRequests() != 0) {
            manager.tell(frame);
        }
    }

    private static SocketCount count(OwnConnection counted, long now) {
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
