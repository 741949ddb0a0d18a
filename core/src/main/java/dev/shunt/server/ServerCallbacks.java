package dev.shunt.server;

import dev.shunt.data.Data;
import dev.shunt.net.Connection;
import dev.shunt.plan.ConnectionHandlers;
import dev.shunt.plan.Hooks;
import dev.shunt.plan.ResultCallbacks;
import dev.shunt.stats.Stats;
import dev.shunt.task.TaskListener;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The callbacks a server was given, each doing nothing until it is set. */
final class ServerCallbacks implements Hooks {

    private static final Logger LOG = LoggerFactory.getLogger(Server.class);

    Runnable start = () -> {};
    Runnable managerStart = () -> {};
    Runnable shutdown = () -> {};
    WorkerCallback workerStart = _ -> {};
    WorkerCallback workerStop = _ -> {};
    Consumer<ChildExit> workerError = _ -> {};
    Consumer<Stats> queueFull =
            stats -> LOG.warn("{} of {} tasks that may wait do", stats.tasksQueued(), stats.maxQueuedTasks());
    Consumer<Stats> queueDrain = _ -> {};
    ConnectionCallback connect = _ -> {};
    ConnectionCallback close = _ -> {};

    @Nullable ReceiveCallback receive;

    PipeMessageCallback pipeMessage = (source, _) -> LOG.warn("no onPipeMessage for a message from worker {}", source);
    final ResultCallbacks results = new ResultCallbacks();

    @Override
    public void started() {
        start.run();
        managerStart.run();
    }

    @Override
    public void stopped() {
        shutdown.run();
    }

    @Override
    public void childExited(ChildExit exit) {
        workerError.accept(exit);
    }

    @Override
    public void queueFull(Stats stats) {
        queueFull.accept(stats);
    }

    @Override
    public void queueDrained(Stats stats) {
        queueDrain.accept(stats);
    }

    @Override
    public void message(int source, Data message) throws Exception {
        pipeMessage.on(source, message);
    }

    @Override
    public TaskListener tasks() {
        return results;
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
            public void closed(Connection connection) throws Exception {
                close.on(connection);
            }
        };
    }
}
