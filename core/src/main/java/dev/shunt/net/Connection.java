package dev.shunt.net;

import org.jspecify.annotations.Nullable;

/**
 * One connection, as a handler sees it, in whatever process the handler runs. Safe for use by any thread; what one thread
 * sends keeps its order.
 */
public interface Connection {

    Peer peer();

    /** Unique for the life of the manager; Swoole's {@code fd}. */
    default long id() {
        return peer().connectionId();
    }

    /** {@code HOST:PORT} of the other end. */
    default String remoteAddress() {
        return peer().remoteAddress();
    }

    /**
     * Sends one message: {@code byte[]}, text, {@code Data} or an object for the codec, as the protocol encodes it.
     *
     * @return false if it will not be sent, because the connection is closed or too much waits already; true is no promise
     *     that it arrived
     */
    boolean send(Object message);

    /** Sends what waits, says goodbye as the protocol does, and closes. A second call does nothing. */
    void close();

    boolean isOpen();

    /** Anything the application wants to keep with this connection; lives where the handler runs. */
    @Nullable Object attachment();

    void attach(@Nullable Object attachment);
}
