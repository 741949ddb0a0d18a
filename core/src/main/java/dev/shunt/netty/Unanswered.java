package dev.shunt.netty;

import java.util.concurrent.atomic.AtomicLong;

/** The request of one connection that waits for somebody to answer it: whoever claims it first does. Any thread. */
final class Unanswered {

    private static final long NONE = 0;

    private final AtomicLong id = new AtomicLong();

    void ask(long requestId) {
        id.set(requestId);
    }

    /** See {@link Socket#claim}. */
    boolean claim(long requestId) {
        return requestId != NONE && id.compareAndSet(requestId, NONE);
    }

    /** Whether nobody has claimed it. */
    boolean is(long requestId) {
        return id.get() == requestId;
    }

    /** There is nobody any more to be answered. */
    void forget() {
        id.set(NONE);
    }
}
