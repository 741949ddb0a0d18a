package dev.shunt.engine.child;

import dev.shunt.data.Data;
import dev.shunt.ipc.Frame;
import dev.shunt.ipc.Payload;
import dev.shunt.ipc.WorkKind;
import dev.shunt.net.CloseStatus;
import dev.shunt.net.Connection;
import dev.shunt.net.Peer;
import dev.shunt.plan.Listener;
import dev.shunt.question.OfConnections;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A connection that this child handles and whose socket is in the manager: what is sent becomes a frame. */
final class ChildConnection implements Connection {

    /** Questions count from 1. */
    private static final long NOBODY_ASKS = 0;

    private final Peer peer;
    private final Listener listener;
    private final SendWindow window;
    private final Consumer<Frame.FromChild> manager;
    private volatile boolean open = true;
    private volatile CloseStatus closeStatus = CloseStatus.NONE;
    private volatile @Nullable Object attachment;

    ChildConnection(Peer peer, Listener listener, SendWindow window, Consumer<Frame.FromChild> manager) {
        this.peer = peer;
        this.listener = listener;
        this.window = window;
        this.manager = manager;
    }

    @Override
    public Peer peer() {
        return peer;
    }

    Listener listener() {
        return listener;
    }

    SendWindow window() {
        return window;
    }

    @Override
    public boolean send(Object message) {
        if (!open || !window.isOpen()) {
            return false;
        }
        Data packet = listener.protocol().encode(message);
        byte[] bytes = packet.bytes();
        manager.accept(new Frame.Send(id(), true, new Payload.Inline(packet.kind(), bytes)));
        window.sent(bytes.length);
        return true;
    }

    @Override
    public void close() {
        close(CloseStatus.NORMAL);
    }

    @Override
    public void close(int code, String reason) {
        close(listener.protocol().closeStatus(this, code, reason));
    }

    /** Whether it was open, nobody asks. */
    @Override
    public void abort() {
        open = false;
        manager.accept(new Frame.Ask(NOBODY_ASKS, new OfConnections.Abort(id())));
    }

    private void close(CloseStatus why) {
        if (open) {
            open = false;
            manager.accept(new Frame.Close(id(), why));
        }
    }

    /** The program closes it elsewhere, or a handler of it threw, or both: the manager knows. */
    void closing() {
        open = false;
    }

    /** The manager has told that it is closed. */
    void closed(CloseStatus status) {
        closeStatus = status;
        open = false;
    }

    /** Whether an event still has a handler to run, now that it is its turn. */
    boolean wants(WorkKind kind) {
        return open || kind == WorkKind.CONNECT || kind == WorkKind.CLOSE;
    }

    @Override
    public int closeCode() {
        return closeStatus.code();
    }

    @Override
    public String closeReason() {
        return closeStatus.reason();
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
