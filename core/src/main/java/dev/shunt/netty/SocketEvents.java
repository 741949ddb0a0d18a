package dev.shunt.netty;

import dev.shunt.data.Data;

/**
 * What happens on a socket, always on its loop's thread, and never from inside a call of {@link Socket}. {@code opened}
 * comes first (for WebSocket: after the handshake), {@code closed} exactly once and last. An outgoing socket that could
 * not be opened reports {@code failed}, then {@code closed}, and only {@code closed} if its owner closed it meanwhile;
 * an accepted one whose handshake failed reports nothing.
 */
public interface SocketEvents {

    void opened(Socket socket);

    /**
     * Asked before each further message is cut out of what has come, or inflated: whether there is room for it. Who says
     * no has paused the socket, and resumes it when there is.
     */
    default boolean takes(Socket socket) {
        return true;
    }

    /**
     * One whole packet, as the protocol's {@code input} cut it; for WebSocket one message, {@code TEXT} or {@code
     * BYTES}.
     */
    void received(Socket socket, Data packet);

    /** Something went wrong that the application should hear of, such as a refused connection. {@code closed} follows. */
    void failed(Socket socket, String message);

    /** Enough was sent that {@link Socket#send} takes packets again. */
    void drained(Socket socket);

    /**
     * The peer sends no more, and all it sent has been received; it may still read answers (as {@code nc -N} does), but
     * whether it does cannot be known. Closes the socket unless overridden; who does that must close it later.
     */
    default void inputEnded(Socket socket) {
        socket.close();
    }

    void closed(Socket socket, String reason);

    /** A connection was closed as soon as it was accepted, for there were as many as may be, or no descriptors for more. */
    default void refused() {}

    /** A request of HTTP was answered with 503 at once, for as many as may be wait for their answers. */
    default void requestRefused() {}
}
