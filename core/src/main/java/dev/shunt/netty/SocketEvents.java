package dev.shunt.netty;

import dev.shunt.data.Data;

/**
 * What happens on a socket, always on its loop's thread. {@code opened} comes first (for WebSocket: after the handshake),
 * {@code closed} exactly once and last. An outgoing socket that never opened reports {@code failed}, then {@code closed}.
 */
public interface SocketEvents {

    void opened(Socket socket);

    /** One whole packet, as the protocol's {@code input} cut it; for WebSocket one message, {@code TEXT} or {@code BYTES}. */
    void received(Socket socket, Data packet);

    /** Something went wrong that the application should hear of, such as a refused connection. {@code closed} follows. */
    void failed(Socket socket, String message);

    /** Enough was sent that {@link Socket#send} takes packets again. */
    void drained(Socket socket);

    void closed(Socket socket, String reason);
}
