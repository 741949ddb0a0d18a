package dev.shunt.worker;

import dev.shunt.data.Data;
import dev.shunt.net.Connection;
import dev.shunt.plan.ConnectionHandlers;

/** The callbacks a worker was given, each doing nothing until it is set. */
final class WorkerCallbacks {

    private final Worker worker;
    WorkerCallback workerStart = _ -> {};
    WorkerCallback workerStop = _ -> {};
    ConnectionCallback connect = _ -> {};
    MessageCallback message = (_, _) -> {};
    ConnectionCallback close = _ -> {};
    ConnectionCallback bufferDrain = _ -> {};
    ErrorCallback error = (_, _, _) -> {};

    WorkerCallbacks(Worker worker) {
        this.worker = worker;
    }

    ConnectionHandlers handlers() {
        return new ConnectionHandlers() {
            @Override
            public void connected(Connection connection) throws Exception {
                connect.on(wrapped(connection));
            }

            @Override
            public void received(Connection connection, Data data) throws Exception {
                message.on(wrapped(connection), data);
            }

            @Override
            public void failed(Connection connection, int code, String text) throws Exception {
                error.on(wrapped(connection), code, text);
            }

            @Override
            public void drained(Connection connection) throws Exception {
                bufferDrain.on(wrapped(connection));
            }

            @Override
            public void closed(Connection connection) throws Exception {
                close.on(wrapped(connection));
            }
        };
    }

    /** One {@link TcpConnection} per connection; after its child was replaced, a new one in the successor. */
    private TcpConnection wrapped(Connection connection) {
        if (connection.attachment() instanceof TcpConnection known) {
            return known;
        }
        var fresh = new TcpConnection(connection, worker);
        connection.attach(fresh);
        return fresh;
    }
}
