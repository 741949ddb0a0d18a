package dev.shunt.net;

import java.security.cert.X509Certificate;
import java.util.Optional;
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

    /** {@code HOST:PORT} of this end. */
    default String localAddress() {
        return peer().localAddress();
    }

    /** The certificate of the other end, if this one asks for it; see {@link Tls.Server#requireClientCertificate}. */
    default Optional<X509Certificate> certificate() {
        return peer().certificate();
    }

    /**
     * Sends one message: {@code byte[]}, text, {@code Data} or an object for the codec, as the protocol encodes it.
     *
     * @return false if it will not be sent, because the connection is closed or too much waits already; true is no promise
     *     that it arrived
     */
    boolean send(Object message);

    /**
     * Sends what waits, says goodbye as the protocol does, and closes; no message that has not begun is handled any more,
     * though it has been received. A second call does nothing.
     */
    void close();

    /**
     * As {@link #close()}, and tells the peer of a WebSocket why.
     *
     * @param code 1000 to 1003, 1007 to 1014, or one of the program's own from 3000 to 4999
     * @param reason for people; at most 123 bytes of UTF-8
     * @throws IllegalArgumentException if that is not to be sent
     * @throws IllegalStateException if this is no WebSocket: nothing else has codes
     */
    void close(int code, String reason);

    /** Cuts the connection at once, whatever waits to be sent: for peers that are stuck, or attack. */
    void abort();

    /**
     * In {@code onClose}, of a WebSocket: the code that its peer has closed with, 1005 if it gave none, 1006 if the
     * connection ended without a word of it. Who is closed answers, so that a code given to {@link #close(int, String)} comes
     * back. Before, and where there are no codes: 0.
     */
    int closeCode();

    /** What the peer said with {@link #closeCode}; empty if nothing. */
    String closeReason();

    boolean isOpen();

    /** Anything the application wants to keep with this connection; lives where the handler runs. */
    @Nullable Object attachment();

    void attach(@Nullable Object attachment);
}
