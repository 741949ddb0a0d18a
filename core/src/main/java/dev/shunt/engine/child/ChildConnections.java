package dev.shunt.engine.child;

import dev.shunt.data.Data;
import dev.shunt.engine.Datagram;
import dev.shunt.engine.PacketConnection;
import dev.shunt.http.ControlFrame;
import dev.shunt.ipc.Frame;
import dev.shunt.ipc.Payload;
import dev.shunt.net.CloseStatus;
import dev.shunt.net.Limits;
import dev.shunt.net.Peer;
import dev.shunt.plan.Listener;
import dev.shunt.plan.Plan;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Connections whose sockets are in the manager: those that this child handles, and any other by its number. Any thread. */
final class ChildConnections {

    /** Connections count from 1. */
    private static final long ANY = 0;

    /** So many windows of connections that others handle may be opened before those of which all is taken are dropped. */
    private static final int MANY = 4_096;

    private final ManagerLink manager;
    private final Map<Long, ChildConnection> handled = new ConcurrentHashMap<>();
    private final Map<Long, SendWindow> others = new ConcurrentHashMap<>();
    private final AtomicInteger opened = new AtomicInteger();
    private final long othersLimit;

    ChildConnections(Plan plan, ManagerLink manager) {
        this.manager = manager;
        this.othersLimit = plan.listeners().stream()
                .mapToLong(listener -> listener.limits().maxSendBytes())
                .max()
                .orElse(Limits.DEFAULT.maxSendBytes());
    }

    boolean send(long id, Object message) {
        ChildConnection known = handled.get(id);
        if (known != null) {
            return known.send(message);
        }
        if (message instanceof ControlFrame frame) {
            throw new IllegalArgumentException(
                    frame.type() + " can be sent where connection " + id + " is handled, and that is not here");
        }
        SendWindow window = window(id);
        if (!window.isOpen()) {
            return false;
        }
        Data data = Data.of(message);
        byte[] bytes = data.bytes();
        manager.tell(new Frame.Send(id, false, new Payload.Inline(data.kind(), bytes)));
        window.sent(bytes.length);
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
        long id = peer.connectionId();
        var window = new SendWindow(id, listener.limits().maxSendBytes(), manager, SendWindow.PATIENCE);
        SendWindow before = others.remove(id);
        window.congested(before != null && before.isCongested());
        handled.put(id, new ChildConnection(peer, listener, window, manager::tell));
    }

    @Nullable ChildConnection get(long id) {
        return handled.get(id);
    }

    /** The manager keeps what was sent to this connection; {@code send} refuses until that is gone. */
    void congested(long id) {
        window(id).congested(true);
    }

    void uncongested(long id) {
        SendWindow window = known(id);
        if (window != null) {
            window.congested(false);
        }
    }

    /** The manager has taken what was sent to this connection up to there, or to any. */
    void taken(Frame.Taken answer) {
        if (answer.to() == ANY) {
            others.values().removeIf(window -> !window.isCongested());
            return;
        }
        SendWindow window = known(answer.to());
        if (window != null) {
            window.taken(answer);
        }
    }

    private @Nullable SendWindow known(long id) {
        ChildConnection own = handled.get(id);
        return own == null ? others.get(id) : own.window();
    }

    private SendWindow window(long id) {
        SendWindow known = known(id);
        return known == null ? others.computeIfAbsent(id, this::another) : known;
    }

    /** There is one for each connection that anything was sent to; now and then they are forgotten. */
    private SendWindow another(long id) {
        if (opened.incrementAndGet() % MANY == 0) {
            manager.tell(new Frame.Sent(ANY, 0, false));
        }
        return new SendWindow(id, othersLimit, manager, SendWindow.PATIENCE);
    }

    /** Its close callback is about to run. */
    void closed(ChildConnection connection, CloseStatus status) {
        connection.closed(status);
        handled.remove(connection.id());
    }
}
