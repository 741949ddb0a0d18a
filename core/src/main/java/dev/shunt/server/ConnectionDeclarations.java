package dev.shunt.server;

import dev.shunt.check.Check;

/** What is done with the connections of an address. Set before {@link Server#start}. */
public sealed interface ConnectionDeclarations<S> permits Server, Port {

    /** A connection is there; who does not want it closes it, and none of its messages is handled. */
    default S onConnect(ConnectionCallback callback) {
        setting("onConnect", callback).connect = callback;
        return self();
    }

    /** For each message of a connection, in order. */
    default S onReceive(ReceiveCallback callback) {
        setting("onReceive", callback).receive = callback;
        return self();
    }

    /** For each message of a WebSocket, of a server that speaks HTTP too; Swoole's word for {@link #onReceive}. */
    default S onMessage(ReceiveCallback callback) {
        setting("onMessage", callback).message = callback;
        return self();
    }

    /** Exactly once per connection, also when the server's end closes it. */
    default S onClose(ConnectionCallback callback) {
        setting("onClose", callback).close = callback;
        return self();
    }

    /** After {@code send} was refused because too much waited: what waited has been sent. */
    default S onBufferDrain(ConnectionCallback callback) {
        setting("onBufferDrain", callback).bufferDrain = callback;
        return self();
    }

    /** For each datagram of an address {@code udp://HOST:PORT}, at once with others where slots are free. */
    default S onPacket(PacketCallback callback) {
        setting("onPacket", callback).packet = callback;
        return self();
    }

    private AddressCallbacks setting(String call, Object callback) {
        Check.given(call, callback);
        return switch (this) {
            case Server server -> server.connections(call);
            case Port port -> port.connections(call);
        };
    }

    @SuppressWarnings("unchecked") // each is a declaration of itself
    private S self() {
        return (S) this;
    }
}
