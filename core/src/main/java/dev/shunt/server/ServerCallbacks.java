package dev.shunt.server;

import dev.shunt.data.Data;
import dev.shunt.net.Connection;
import dev.shunt.plan.ConnectionHandlers;
import dev.shunt.plan.Hooks.ChildExit;
import dev.shunt.task.Result;
import dev.shunt.task.TaskHandler;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/** The callbacks a server was given, each doing nothing until it is set. */
final class ServerCallbacks {

    Runnable start = () -> {};
    Runnable shutdown = () -> {};
    WorkerCallback workerStart = _ -> {};
    WorkerCallback workerStop = _ -> {};
    Consumer<ChildExit> workerError = _ -> {};
    ConnectionCallback connect = _ -> {};
    ConnectionCallback close = _ -> {};

    @Nullable ReceiveCallback receive;

    @Nullable TaskHandler task;

    Consumer<Result.Done> finish = _ -> {};
    Consumer<Result> taskFailed =
            result -> LoggerFactory.getLogger(Server.class).warn("no onTaskFailed for {}", result);

    void taskEnded(Result result) {
        if (result instanceof Result.Done done) {
            finish.accept(done);
        } else {
            taskFailed.accept(result);
        }
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
