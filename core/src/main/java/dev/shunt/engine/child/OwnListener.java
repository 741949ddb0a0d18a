package dev.shunt.engine.child;

import dev.shunt.data.Data;
import dev.shunt.ipc.WorkKind;
import dev.shunt.netty.Socket;
import dev.shunt.netty.SocketEvents;
import dev.shunt.plan.Listener;

/** A listener whose connections have their sockets in this child. */
final class OwnListener implements SocketEvents {

    private final Listener listener;
    private final int index;
    private final OwnSockets sockets;

    /** @param index of the listener in the plan */
    OwnListener(Listener listener, int index, OwnSockets sockets) {
        this.listener = listener;
        this.index = index;
        this.sockets = sockets;
    }

    Listener listener() {
        return listener;
    }

    OwnSockets sockets() {
        return sockets;
    }

    @Override
    public void opened(Socket socket) {
        var accepted = new OwnConnection(socket, this);
        socket.attach(accepted);
        sockets.opened(accepted, index);
        accepted.happened(WorkKind.CONNECT, Data.empty());
    }

    @Override
    public boolean takes(Socket socket) {
        return !(socket.attachment() instanceof OwnConnection accepted) || accepted.takes();
    }

    @Override
    public void refused() {
        sockets.counts().refused();
    }

    @Override
    public void requestRefused() {
        sockets.counts().requestRefused();
    }

    @Override
    public void received(Socket socket, Data packet) {
        if (socket.attachment() instanceof OwnConnection accepted) {
            accepted.heard(sockets.now());
            accepted.happened(WorkKind.MESSAGE, packet);
        }
    }

    @Override
    public void inputEnded(Socket socket) {
        if (socket.attachment() instanceof OwnConnection accepted) {
            accepted.inputEnded();
        }
    }

    /** Accepted sockets have opened; what fails later shows as closed. */
    @Override
    public void failed(Socket socket, String message) {}

    @Override
    public void drained(Socket socket) {
        if (socket.attachment() instanceof OwnConnection accepted
                && accepted.connection().sendKept()) {
            accepted.deliveries().drained();
            accepted.happened(WorkKind.DRAINED, Data.empty());
        }
    }

    @Override
    public void closed(Socket socket, String reason) {
        if (socket.attachment() instanceof OwnConnection accepted) {
            sockets.closed(accepted, reason);
            accepted.happened(WorkKind.CLOSE, Data.of(socket.closeStatus().encoded()));
        }
    }

    /** How long the handler may run that is about to. */
    HandlerLimit limit(OwnConnection of, WorkKind kind) {
        var time = listener.options().handlerTimeout();
        if (time.isEmpty() || kind == WorkKind.CLOSE) {
            return HandlerLimit.NONE;
        }
        return new HandlerLimit(
                sockets.loop(), time.get(), () -> sockets.interrupt(of.lease()), () -> sockets.hasStuckHandler(of));
    }
}
