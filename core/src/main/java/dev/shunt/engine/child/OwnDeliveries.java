package dev.shunt.engine.child;

import dev.shunt.data.Data;
import dev.shunt.engine.SocketConnection;
import dev.shunt.ipc.Frame;

/**
 * What comes to one socket of this child from elsewhere in the program. The manager hears of what the socket has taken, so
 * that no more is on its way than may wait to be sent. Safe for use by any thread.
 */
final class OwnDeliveries {

    private final SocketConnection connection;
    private final long limit;
    private final ManagerLink manager;
    private long arrived;
    private long told;

    OwnDeliveries(SocketConnection connection, long limit, ManagerLink manager) {
        this.connection = connection;
        this.limit = limit;
        this.manager = manager;
    }

    void arrived(Data packet) {
        synchronized (this) { // before it is sent, for then it may be told as drained
            arrived += Math.max(1, packet.size());
        }
        if (connection.sendOrKeep(packet)) {
            return;
        }
        long position;
        synchronized (this) {
            if (arrived - told <= limit / 4) {
                return;
            }
            told = arrived;
            position = arrived;
        }
        manager.tell(new Frame.Delivered(connection.id(), position));
    }

    /** Nothing is kept any more. */
    void drained() {
        long position;
        synchronized (this) {
            if (told == arrived) {
                return;
            }
            told = arrived;
            position = arrived;
        }
        manager.tell(new Frame.Delivered(connection.id(), position));
    }
}
