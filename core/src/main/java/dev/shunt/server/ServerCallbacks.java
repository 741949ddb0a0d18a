package dev.shunt.server;

import dev.shunt.calls.FaceCallbacks;
import dev.shunt.calls.WithoutEffect;
import dev.shunt.data.Data;
import dev.shunt.net.Connection;
import dev.shunt.plan.ConnectionHandlers;
import dev.shunt.plan.Hooks;
import dev.shunt.stats.Stats;
import dev.shunt.task.TaskListener;
import org.jspecify.annotations.Nullable;

/** The callbacks a server was given, each doing nothing until it is set. */
final class ServerCallbacks implements Hooks {

    Runnable start = () -> {};
    Runnable managerStart = () -> {};
    Runnable shutdown = () -> {};
    WorkerCallback workerStart = _ -> {};
    WorkerCallback workerStop = _ -> {};
    ConnectionCallback connect = _ -> {};
    ConnectionCallback close = _ -> {};
    ConnectionCallback bufferDrain = _ -> {};

    @Nullable ReceiveCallback receive;

    private final FaceCallbacks shared;

    WithoutEffect withoutEffect = new WithoutEffect();

    /** It has come to the point at which it ran. */
    volatile boolean ran;

    ServerCallbacks(FaceCallbacks shared) {
        this.shared = shared;
    }

    @Override
    public void started() {
        ran = true;
        withoutEffect.warn();
        start.run();
        managerStart.run();
    }

    @Override
    public void stopped() {
        shutdown.run();
    }

    @Override
    public void childExited(ChildExit exit) {
        shared.childExited(exit);
    }

    @Override
    public void queueFull(Stats stats) {
        shared.queueFull(stats);
    }

    @Override
    public void queueDrained(Stats stats) {
        shared.queueDrained(stats);
    }

    @Override
    public void message(int source, Data message) throws Exception {
        shared.message(source, message);
    }

    @Override
    public TaskListener tasks() {
        return shared.results();
    }

    ConnectionHandlers connectionHandlers() {
        ReceiveCallback onReceive = receive;
        if (onReceive == null) {
            throw new IllegalStateException(
                    "onReceive is missing; set it with server.onReceive((connection, data) -> ...)");
        }
        return new ConnectionHandlers() {
            @Override
            public void connected(Connection connection) throws Exception {
                connect.on(connection);
            }

            @Override
            public void received(Connection connection, Data message) throws Exception {
                onReceive.on(connection, message);
            }

            @Override
            public void drained(Connection connection) throws Exception {
                bufferDrain.on(connection);
            }

            @Override
            public void closed(Connection connection) throws Exception {
                close.on(connection);
            }
        };
    }
}
