package dev.shunt.engine.child;

import dev.shunt.data.Data;
import dev.shunt.ipc.Frame;
import dev.shunt.ipc.Payload;
import dev.shunt.net.Connection;
import dev.shunt.net.Peer;
import dev.shunt.plan.Listener;
import java.util.function.Consumer;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;

/** A connection that this child handles and whose socket is in the manager: what is sent becomes a frame. */
final class ChildConnection implements Connection {

    private final Peer peer;
    private final Listener listener;
    private final LongPredicate congested;
    private final Consumer<Frame.FromChild> manager;
    private volatile boolean open = true;
    private volatile @Nullable Object attachment;

    ChildConnection(Peer peer, Listener listener, LongPredicate congested, Consumer<Frame.FromChild> manager) {
        this.peer = peer;
        this.listener = listener;
        this.congested = congested;
        this.manager = manager;
    }

    @Override
    public Peer peer() {
        return peer;
    }

    Listener listener() {
        return listener;
    }

    @Override
    public boolean send(Object message) {
        if (!open || congested.test(id())) {
            return false;
        }
        Data packet = listener.protocol().encode(message);
        manager.accept(new Frame.Send(id(), true, Payload.inline(packet)));
        return true;
    }

    @Override
    public void close() {
        if (open) {
            open = false;
            manager.accept(new Frame.Close(id()));
        }
    }

    /** The manager has told that it is closed. */
    void closed() {
        open = false;
    }

    @Override
    public boolean isOpen() {
        return open;
    }

    @Override
    public @Nullable Object attachment() {
        return attachment;
    }

    @Override
    public void attach(@Nullable Object value) {
        attachment = value;
    }

    @Override
    public String toString() {
        return "connection " + id() + " with " + remoteAddress();
    }
}
