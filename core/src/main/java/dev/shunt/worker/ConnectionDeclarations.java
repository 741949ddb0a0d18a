package dev.shunt.worker;

import dev.shunt.http.Request;
import dev.shunt.worker.TcpConnection.ConnectionCallback;
import dev.shunt.worker.TcpConnection.ErrorCallback;
import dev.shunt.worker.TcpConnection.MessageCallback;

/** What a {@link Worker} may be told about the connections that it accepts; the callbacks run on its slots. */
public interface ConnectionDeclarations {

    /** Called for the request of a client that wants a WebSocket, on the slot that handles its connection. */
    @FunctionalInterface
    interface WebSocketConnectCallback {

        void on(TcpConnection connection, Request request) throws Exception;
    }

    default Worker onConnect(ConnectionCallback callback) {
        worker().hearing("onConnect", callback).connect = callback;
        return worker();
    }

    /**
     * Called for each message, in order. On {@code http://} it is a request, {@code message.as(Request.class)}, which
     * {@code connection.send(...)} answers; {@code onRequest} hears of it instead, if that is set.
     */
    default Worker onMessage(MessageCallback callback) {
        worker().hearing("onMessage", callback).message = callback;
        return worker();
    }

    /** Exactly once per connection, also when the program's stop closes it. */
    default Worker onClose(ConnectionCallback callback) {
        worker().hearing("onClose", callback).close = callback;
        return worker();
    }

    /** A message was refused because too much waits to be sent: code 2; {@code send} returns false as well. */
    default Worker onError(ErrorCallback callback) {
        worker().hearing("onError", callback).error = callback;
        return worker();
    }

    /** What waited to be sent has been sent. */
    default Worker onBufferDrain(ConnectionCallback callback) {
        worker().hearing("onBufferDrain", callback).bufferDrain = callback;
        return worker();
    }

    /**
     * Called before a WebSocket is accepted. {@code connection.close()} or an {@code HttpException} refuses it,
     * {@code connection.handshake()} adds to the answer; what is sent here arrives first.
     */
    default Worker onWebSocketConnect(WebSocketConnectCallback callback) {
        worker().hearing("onWebSocketConnect", callback).opening(worker().state().web(), callback);
        return worker();
    }

    private Worker worker() {
        return (Worker) this;
    }
}
