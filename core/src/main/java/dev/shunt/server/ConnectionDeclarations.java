package dev.shunt.server;

/** What a {@link Server} may be told about its connections; the callbacks run where {@code placement} says. */
public interface ConnectionDeclarations {

    /** For this package. */
    ConnectionCallbacks connections(String call, Object callback);

    default Server onConnect(ConnectionCallback callback) {
        connections("onConnect", callback).connect = callback;
        return (Server) this;
    }

    default Server onReceive(ReceiveCallback callback) {
        connections("onReceive", callback).receive = callback;
        return (Server) this;
    }

    /** Called for each message of a WebSocket, of a server that speaks HTTP too; Swoole's word for {@link #onReceive}. */
    default Server onMessage(ReceiveCallback callback) {
        connections("onMessage", callback).message = callback;
        return (Server) this;
    }

    default Server onClose(ConnectionCallback callback) {
        connections("onClose", callback).close = callback;
        return (Server) this;
    }

    /** After {@code send} was refused because too much waited: what waited has been sent. */
    default Server onBufferDrain(ConnectionCallback callback) {
        connections("onBufferDrain", callback).bufferDrain = callback;
        return (Server) this;
    }
}
