package dev.shunt.netty;

import java.util.concurrent.atomic.AtomicInteger;

/** The requests of one listener that wait for their answers, and whether it takes new connections. Any thread. */
final class OpenRequests {

    private final AtomicInteger open = new AtomicInteger();
    private volatile boolean draining;

    /** One more, unless there are as many as may be. */
    boolean admit(int max) {
        if (open.incrementAndGet() <= max) {
            return true;
        }
        open.decrementAndGet();
        return false;
    }

    void answered() {
        open.decrementAndGet();
    }

    /** The program stops: connections end with their answers. */
    void drain() {
        draining = true;
    }

    boolean isDraining() {
        return draining;
    }
}
