package dev.shunt.engine;

import dev.shunt.dispatch.Lane;
import dev.shunt.netty.Socket;
import dev.shunt.plan.Listener;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * An accepted connection whose handlers run on slots, as the manager knows it. Its lane keeps its events in order; its socket
 * is not read while as many messages as its limit allows wait for their handler.
 */
final class Accepted {

    private final SocketConnection connection;
    private final Socket socket;
    private final Listener listener;
    private final int listenerIndex;
    private final GroupRun run;
    private final AtomicInteger waiting = new AtomicInteger();
    private volatile boolean inputEnded;
    private @Nullable Lane<Errand> lane;
    private long adoptedBy;

    Accepted(Socket socket, Listener listener, int listenerIndex, GroupRun run) {
        this.connection = new SocketConnection(socket, listener.protocol());
        this.socket = socket;
        this.listener = listener;
        this.listenerIndex = listenerIndex;
        this.run = run;
    }

    long id() {
        return connection.id();
    }

    SocketConnection connection() {
        return connection;
    }

    Listener listener() {
        return listener;
    }

    int listenerIndex() {
        return listenerIndex;
    }

    /** On the main loop, before anything else happens there with this connection. */
    void openLane() {
        lane = run.dispatcher().openLane();
    }

    Lane<Errand> lane() {
        return Objects.requireNonNull(lane);
    }

    void closeLane() {
        run.dispatcher().closeLane(lane());
    }

    /** On the socket's loop. */
    void messageWaits() {
        if (waiting.incrementAndGet() >= listener.limits().maxWaitingMessages()) {
            socket.pauseReading();
        }
    }

    void messageEnded() {
        int before = waiting.getAndDecrement();
        if (before == listener.limits().maxWaitingMessages()) {
            socket.resumeReading();
        }
        if (before == 1 && inputEnded) {
            connection.close();
        }
    }

    /** The peer sends no more: what it has sent is still answered, then it is closed. */
    void inputEnded() {
        inputEnded = true;
        if (waiting.get() == 0) {
            connection.close();
        }
    }

    /** True once for each child process that comes to handle this connection. */
    boolean needsAdoption(long childSerial) {
        boolean needed = adoptedBy != childSerial;
        adoptedBy = childSerial;
        return needed;
    }

    /** The answer to what it sent is not coming, and its peer must learn that. */
    void cut(String reason) {
        socket.destroy(reason);
    }

    @Override
    public String toString() {
        return connection.toString();
    }
}
