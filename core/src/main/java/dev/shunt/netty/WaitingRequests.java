package dev.shunt.netty;

import dev.shunt.netty.RequestAssembly.Asked;
import dev.shunt.netty.RequestRules.Problem;
import java.util.ArrayDeque;
import java.util.Deque;

/** What has come on a connection of HTTP and has its turn later, in its order. The loop's thread only. */
final class WaitingRequests {

    /** So many requests may wait behind the one that is handled before no more is read. */
    private static final int MAX_WAITING = 8;

    /** So many bytes of them; one may overshoot. */
    private static final long MAX_WAITING_BYTES = 1 << 20;

    private final Deque<Incoming> waiting = new ArrayDeque<>();
    private long bytes;

    sealed interface Incoming {

        record Whole(byte[] bytes, Asked asked) implements Incoming {}

        record Wrong(Problem problem) implements Incoming {}
    }

    void add(byte[] encoded, Asked asked) {
        bytes += encoded.length;
        waiting.add(new Incoming.Whole(encoded, asked));
    }

    void add(Problem problem) {
        waiting.add(new Incoming.Wrong(problem));
    }

    /** Its body turned out to be none: the answer is that. False if it does not wait here. */
    boolean replace(BodyStream body, Problem problem) {
        if (waiting.peekLast() instanceof Incoming.Whole last
                && body.equals(last.asked().streamed())) {
            waiting.removeLast();
            bytes -= last.bytes().length;
            add(problem);
            return true;
        }
        return false;
    }

    Incoming next() {
        var next = waiting.remove();
        if (next instanceof Incoming.Whole whole) {
            bytes -= whole.bytes().length;
        }
        return next;
    }

    /** They will not be answered. */
    void drop() {
        for (var next : waiting) {
            if (next instanceof Incoming.Whole whole) {
                whole.asked().over();
            }
        }
        waiting.clear();
        bytes = 0;
    }

    boolean isEmpty() {
        return waiting.isEmpty();
    }

    boolean isFull() {
        return waiting.size() >= MAX_WAITING || bytes >= MAX_WAITING_BYTES;
    }

    long bytes() {
        return bytes;
    }
}
