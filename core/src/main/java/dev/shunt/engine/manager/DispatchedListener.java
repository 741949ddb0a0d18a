package dev.shunt.engine.manager;

import dev.shunt.data.Data;
import dev.shunt.dispatch.RunPolicy;
import dev.shunt.dispatch.Work;
import dev.shunt.ipc.Frame;
import dev.shunt.ipc.WorkKind;
import dev.shunt.netty.Socket;
import dev.shunt.netty.SocketEvents;
import dev.shunt.plan.Listener;
import dev.shunt.timer.Loop;

/** A listener whose handlers run on slots: each event of a connection becomes work in the connection's sequence. */
final class DispatchedListener implements SocketEvents {

    private final Listener listener;
    private final int index;
    private final GroupRun<ConnectionWork> run;
    private final Connections connections;
    private final ListenerCounts counts;
    private final Loop main;
    private final RunPolicy policy;

    DispatchedListener(Listener listener, int index, GroupRun<ConnectionWork> run, Connections connections, Loop main) {
        this.listener = listener;
        this.index = index;
        this.run = run;
        this.connections = connections;
        this.counts = connections.counts(listener);
        this.main = main;
        policy = RunPolicy.within(listener.options().handlerTimeout());
    }

    @Override
    public void opened(Socket socket) {
        var accepted = new DispatchedConnection(socket, listener, index, connections);
        socket.attach(accepted);
        accepted.connection().whenClosing(() -> onMain(() -> closing(accepted)));
        accepted.messageWaits(0); // its connect callback may have something to say, too
        onMain(() -> {
            accepted.inSequence(run.openSequence());
            counts.opened();
            connections.opened(accepted.connection());
            submit(accepted, WorkKind.CONNECT, Data.empty());
        });
    }

    @Override
    public boolean takes(Socket socket) {
        return !(socket.attachment() instanceof DispatchedConnection accepted) || accepted.takes();
    }

    @Override
    public void refused() {
        connections.refused();
    }

    @Override
    public void requestRefused() {
        connections.requestRefused();
    }

    @Override
    public void received(Socket socket, Data packet) {
        counts.messageReceived();
        if (socket.attachment() instanceof DispatchedConnection accepted) {
            accepted.heard();
            accepted.messageWaits(packet.bytes().length);
            onMain(() -> submit(accepted, WorkKind.MESSAGE, packet));
        }
    }

    @Override
    public void inputEnded(Socket socket) {
        if (socket.attachment() instanceof DispatchedConnection accepted) {
            accepted.inputEnded();
        }
    }

    /** DispatchedConnection sockets have opened; what fails later shows as closed. */
    @Override
    public void failed(Socket socket, String message) {}

    @Override
    public void drained(Socket socket) {
        if (socket.attachment() instanceof DispatchedConnection accepted
                && accepted.connection().sendKept()) {
            onMain(() -> {
                connections.uncongested(accepted.id()); // its child hears of room before its handler does
                submit(accepted, WorkKind.DRAINED, Data.empty());
            });
        }
    }

    @Override
    public void closed(Socket socket, String reason) {
        if (socket.attachment() instanceof DispatchedConnection accepted) {
            onMain(() -> {
                counts.closed(reason);
                connections.closed(accepted.id());
                var status = Data.of(socket.closeStatus().encoded());
                var event = new DispatchedConnection.Event(accepted, WorkKind.CLOSE, status);
                run.submit(Work.<ConnectionWork>lastInSequence(accepted.sequence(), event));
            });
        }
    }

    /** A child may have its next message already. */
    private void closing(DispatchedConnection accepted) {
        accepted.adoptedBy().ifPresent(serial -> run.tell(serial, new Frame.Closing(accepted.id())));
    }

    private void submit(DispatchedConnection accepted, WorkKind kind, Data data) {
        var event = new DispatchedConnection.Event(accepted, kind, data);
        run.submit(Work.inSequence(accepted.sequence(), event, policy));
    }

    private void onMain(Runnable action) {
        if (main.inLoop()) {
            action.run();
        } else {
            main.execute(action);
        }
    }
}
