package dev.shunt.engine.manager;

import java.util.concurrent.atomic.LongAdder;

/** Connections of one address, counted by any thread. */
final class ListenerCounts {

    private final LongAdder accepted = new LongAdder();
    private final LongAdder byPeer = new LongAdder();
    private final LongAdder here = new LongAdder();
    private final LongAdder forCause = new LongAdder();
    private final LongAdder messages = new LongAdder();

    void opened() {
        accepted.increment();
    }

    void messageReceived() {
        messages.increment();
    }

    /** By a child that has the sockets. */
    void messagesReceived(long more) {
        messages.add(more);
    }

    /** @param reason as the network says it */
    void closed(String reason) {
        switch (reason) {
            case "closed by the peer" -> byPeer.increment();
            case "closed here" -> here.increment();
            default -> forCause.increment();
        }
    }

    long accepted() {
        return accepted.sum();
    }

    long messages() {
        return messages.sum();
    }

    long closedByPeer() {
        return byPeer.sum();
    }

    long closedHere() {
        return here.sum();
    }

    long closedForCause() {
        return forCause.sum();
    }

    long closed() {
        return closedByPeer() + closedHere() + closedForCause();
    }
}
