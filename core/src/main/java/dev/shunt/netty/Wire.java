package dev.shunt.netty;

import dev.shunt.net.CloseStatus;

/**
 * How one socket's packets travel, as the socket sees it: as a byte stream cut by a protocol, as WebSocket messages,
 * or, before those, as a handshake. The loop's thread only.
 */
interface Wire extends Outbox.Format {

    /** Delivers what has been received, as far as the socket may; drops it if nobody wants it any more. */
    void proceed();

    /** Whether received bytes are kept that nobody has been given yet. */
    boolean holds();

    /** Says goodbye, and why. True if the peer answers to it, and the socket is to be closed when it has. */
    boolean sayGoodbye(CloseStatus why);
}
