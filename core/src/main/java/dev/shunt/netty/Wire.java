package dev.shunt.netty;

import dev.shunt.http.Bodies;
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

    /** Whether more is to be read, as far as this is concerned. */
    default boolean wantsMore() {
        return true;
    }

    /** Whether its handler waits for what the peer sends next: then the peer is read, whatever else waits. */
    default boolean wantsNow() {
        return false;
    }

    /** See {@link Socket#askBody}. */
    default void askBody(long requestId, int bytes, Bodies.Sink sink) {
        sink.failed("the request has been answered");
    }

    /** Whether the peer waits for an answer: that it sends no more is not to be told before. */
    default boolean owes() {
        return false;
    }

    /** Tells the peer that whoever was to answer is gone. True if that is said, and the socket may close in order. */
    default boolean explainsLoss() {
        return false;
    }

    /** See {@link Socket#drain}. */
    default void drain() {}

    /** The socket has ended, and may be referred to for long: forgets what has been received and what is half a message. */
    default void drop() {}

    /** Tells the peer that its message comes too late. True if that is said in its turn, and the socket closes behind it. */
    default boolean refusesLate() {
        return false;
    }

    /** Says goodbye, and why. True if the peer answers to it, and the socket is to be closed when it has. */
    boolean sayGoodbye(CloseStatus why);
}
