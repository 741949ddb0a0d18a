package dev.shunt.netty;

import dev.shunt.log.Log;
import org.slf4j.Logger;

/**
 * What one socket holds of the {@link MemoryBudget}: bytes of a message that is not whole, bytes that wait to be sent, and
 * what its owner keeps for it. Safe for use by any thread; each part is told by one thread at a time.
 */
final class SocketMemory {

    private static final Logger LOG = Log.of(SocketMemory.class);

    private final MemoryBudget budget;
    private final Socket socket;
    private volatile long received;
    private volatile long unsent;
    private volatile long kept;
    /** What the budget knows of; all changes to this and to the next are made with the lock held. */
    private volatile long counted;

    private boolean joined;
    private boolean over;

    SocketMemory(MemoryBudget budget, Socket socket) {
        this.budget = budget;
        this.socket = socket;
    }

    /** Of a message that is not whole, or that nobody has been given yet. */
    void received(long bytes) {
        if (bytes != received) {
            received = bytes;
            count();
        }
    }

    /** That were given to the kernel, which has no room for them. */
    void unsent(long bytes) {
        if (bytes != unsent) {
            unsent = bytes;
            count();
        }
    }

    void kept(long bytes) {
        if (bytes != kept) {
            kept = bytes;
            count();
        }
    }

    long bytes() {
        return counted;
    }

    private void count() {
        long change;
        synchronized (this) {
            if (over) {
                return;
            }
            long now = received + unsent + kept;
            change = now - counted;
            counted = now;
            if (!joined) {
                joined = true;
                budget.joined(this);
            }
        }
        budget.changed(change);
    }

    /** It is cut: how much it held, which counts no more. */
    synchronized long evicted() {
        long bytes = counted;
        over = true;
        counted = 0;
        return bytes;
    }

    void cut(long bytes, long limit) {
        LOG.warn(
                "{} is cut: it held {} bytes, more than any other, when all connections together held more than the {}"
                        + " that are allowed (maxConnectionMemory)",
                socket,
                bytes,
                limit);
        socket.destroy("it held " + bytes + " bytes when all connections held more than " + limit);
    }

    /** The socket has ended. */
    void release() {
        boolean left;
        long bytes;
        synchronized (this) {
            left = joined;
            bytes = evicted();
        }
        if (left) {
            budget.left(this);
            budget.changed(-bytes);
        }
    }
}
