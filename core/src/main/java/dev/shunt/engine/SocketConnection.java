package dev.shunt.engine;

import dev.shunt.data.Data;
import dev.shunt.net.Connection;
import dev.shunt.net.Peer;
import dev.shunt.net.Protocol;
import dev.shunt.netty.Socket;
import org.jspecify.annotations.Nullable;

/** A connection whose socket is in this process. */
final class SocketConnection implements Connection {

    private final Socket socket;
    private final Protocol protocol;
    private volatile @Nullable Object attachment;

    SocketConnection(Socket socket, Protocol protocol) {
        this.socket = socket;
        this.protocol = protocol;
    }

    @Override
    public Peer peer() {
        return socket.peer();
    }

    @Override
    public boolean send(Object message) {
        return socket.send(protocol.encode(message));
    }

    /** Sends what the protocol has encoded already, in the child that handles this connection. */
    boolean sendEncoded(Data packet) {
        return socket.send(packet);
    }

    @Override
    public void close() {
        socket.close();
    }

    @Override
    public boolean isOpen() {
        return socket.isOpen();
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
