package dev.shunt.netty;

import dev.shunt.data.Data;
import dev.shunt.http.Bodies;
import dev.shunt.net.CloseStatus;
import dev.shunt.net.Peer;
import dev.shunt.timer.Loop;
import org.jspecify.annotations.Nullable;

/**
 * A connection as the process that owns its socket sees it; what travels are whole packets. Safe for use by any thread;
 * what one thread sends keeps its order.
 */
public interface Socket {

    Peer peer();

    Loop loop();

    /**
     * Queues one packet; flushed at the end of the loop's turn.
     *
     * @return false if the socket is closing, or as many bytes as its limit allows wait already
     */
    boolean send(Data packet);

    /** As the other one; many sockets are given the same packet. */
    boolean send(SharedPacket packet);

    /** Has {@link SocketEvents#drained} come when no more than half of what may wait does, as after a refusal. */
    void tellWhenDrained();

    /**
     * Flushes, says goodbye as the protocol does, closes; cut after the limit's close timeout. Nothing more is delivered.
     * When it is reported as closed, the system may hold the connection for another second, lest a peer that is still
     * sending lose what it was sent last.
     */
    void close();

    /** As {@link #close}; a WebSocket tells its peer why. */
    void close(CloseStatus why);

    /** What the peer of a WebSocket closed it with, once it is reported as closed; else {@link CloseStatus#NONE}. */
    CloseStatus closeStatus();

    /** Its listener takes no more connections: closed if it only waits for a request of HTTP, as it is behind its next answer. */
    default void drain() {}

    /** As {@link #close}, for the end of the program: the peer is told so, and waited for no longer than about a second. */
    void shutDown();

    /** Cuts the connection now; the reason is logged. */
    void destroy(String reason);

    /** As {@link #destroy}, for whoever was to answer is gone; a client of HTTP is told so. */
    default void lost(String reason) {
        destroy(reason);
    }

    /**
     * Takes the right to answer a request of HTTP; who has it sends the parts of the answer. At most one gets it.
     *
     * @return false if somebody else has it, or nobody waits for that answer any more
     */
    default boolean claim(long requestId) {
        return false;
    }

    /** Has so many bytes of the body of a request come to the sink that its handler reads while it comes. */
    default void askBody(long requestId, int bytes, Bodies.Sink sink) {
        sink.failed("the request has been answered");
    }

    /** Delivers no further packet until {@link #resumeReading}; on the loop's thread not even one already received. */
    void pauseReading();

    /** Delivery goes on with what was received meanwhile; never from inside this call. */
    void resumeReading();

    boolean isOpen();

    /** Whether it takes messages that answer nothing: all but HTTP that has not become a WebSocket. */
    default boolean takesMessages() {
        return true;
    }

    /** Bytes of all messages that were delivered. */
    default long receivedBytes() {
        return 0;
    }

    /** Bytes that the kernel has taken. */
    default long sentBytes() {
        return 0;
    }

    /** Bytes that were taken to be sent, and that the kernel has not taken. */
    default long waitingBytes() {
        return 0;
    }

    /** Bytes that its owner keeps to be sent later: they count as held by this connection. One thread at a time. */
    void keeps(long bytes);

    /** The engine's own state about this connection. */
    @Nullable Object attachment();

    void attach(@Nullable Object attachment);
}
