package dev.shunt.net;

import java.time.Instant;
import java.util.List;

/**
 * An open connection as the manager knows it, in whatever process its handlers run.
 *
 * @param id its {@link Connection#id}
 * @param remoteAddress {@code HOST:PORT} of the other end; {@code unix:FILE} on a Unix socket
 * @param localAddress {@code HOST:PORT} of this end; {@code unix:FILE} on a Unix socket
 * @param protocol {@code stream}, {@code websocket}, or {@code http} while it has not become a WebSocket
 * @param since when it was accepted
 * @param lastMessage when its last message came, to within a few milliseconds; {@code since}, if none has
 * @param bytesIn of the messages received from it, with what ends them; HTTP bodies in files do not count
 * @param bytesOut given to the kernel for it
 * @param waitingBytes taken to be sent to it, that the kernel has not taken yet
 * @param uid the user it is bound to; empty for none
 * @param groups it has joined
 */
public record ConnectionInfo(
        long id,
        String remoteAddress,
        String localAddress,
        String protocol,
        Instant since,
        Instant lastMessage,
        long bytesIn,
        long bytesOut,
        long waitingBytes,
        String uid,
        List<String> groups) {

    public ConnectionInfo {
        groups = List.copyOf(groups);
    }
}
