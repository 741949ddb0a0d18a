package dev.shunt.engine.child;

import dev.shunt.data.Data;
import dev.shunt.engine.Datagram;
import dev.shunt.engine.PacketConnection;
import dev.shunt.ipc.Frame;
import dev.shunt.ipc.Payload;
import dev.shunt.net.CloseStatus;
import dev.shunt.net.Peer;
import dev.shunt.plan.Listener;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Connections whose sockets are in the manager: those that this child handles, and any other by its number. Any thread. */
final class ChildConnections {

    private final ManagerLink manager;
    private final Map<Long, ChildConnection> handled = new ConcurrentHashMap<>();
    private final Set<Long> congested = ConcurrentHashMap.newKeySet();

    ChildConnections(ManagerLink manager) {
        this.manager = manager;
    }

    boolean send(long id, Object message) {
        ChildConnection known = handled.get(id);
        if (known != null) {
            return known.send(message);
        }
        if (congested.contains(id)) {
            return false;
        }
        manager.tell(new Frame.Send(id, false, Payload.inline(Data.of(message))));
        return true;
    }

    void sendTo(int listener, InetSocketAddress to, Data datagram) {
        manager.tell(
                new Frame.SendTo(listener, to.getAddress().getHostAddress(), to.getPort(), Payload.inline(datagram)));
    }

    /** Whoever has sent a datagram to the listener of that index. */
    PacketConnection sender(Datagram datagram, Listener listener, int index) {
        return new PacketConnection(datagram.from(), listener.endpoint(), (to, data) -> {
            sendTo(index, to, data);
            return true;
        });
    }

    void close(long id) {
        ChildConnection known = handled.get(id);
        if (known != null) {
            known.close();
        } else {
            manager.tell(new Frame.Close(id, CloseStatus.NORMAL));
        }
    }

    /** Whether one that others handle is a WebSocket, the manager knows. */
    void close(long id, int code, String reason) {
        ChildConnection known = handled.get(id);
        if (known != null) {
            known.close(code, reason);
        } else {
            manager.tell(new Frame.Close(id, CloseStatus.toSend(code, reason)));
        }
    }

    /** The program has closed it, here or elsewhere. */
    void closing(long id) {
        ChildConnection known = handled.get(id);
        if (known != null) {
            known.closing();
        }
    }

    /** Its events come here from now on. */
    void adopt(Listener listener, Peer peer) {
        handled.put(peer.connectionId(), new ChildConnection(peer, listener, congested::contains, manager::tell));
    }

    @Nullable ChildConnection get(long id) {
        return handled.get(id);
    }

    /** The manager keeps what was sent to this connection; {@code send} refuses until that is gone. */
    void congested(long id) {
        congested.add(id);
    }

    void uncongested(long id) {
        congested.remove(id);
    }

    /** Its close callback is about to run. */
    void closed(ChildConnection connection, CloseStatus status) {
        connection.closed(status);
        handled.remove(connection.id());
    }
}
