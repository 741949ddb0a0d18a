package dev.shunt.dispatch;

import org.jspecify.annotations.Nullable;

/**
 * An order to keep: what is in a sequence runs one at a time, first come first served. A connection's sequence is at one place,
 * because the handler's state about the connection lives in that heap; an ordering key's is anywhere. Owned by its dispatcher.
 */
public final class Sequence<P> {

    static final int ANYWHERE = -1;

    private final int place;
    private final WaitQueue<P> waiting = new WaitQueue<>();
    private boolean busy;

    Sequence(int place) {
        this.place = place;
    }

    /** Where the child is, or its successor, that runs what is in this sequence. */
    public int place() {
        return place;
    }

    WaitQueue<P> waiting() {
        return waiting;
    }

    /** True if the work may go on now; otherwise it waits here. */
    boolean enter(Work<P> work) {
        if (busy) {
            waiting.add(work);
            return false;
        }
        busy = true;
        return true;
    }

    /** What was under way has ended; returns what may go on now. */
    @Nullable Work<P> leave() {
        Work<P> next = waiting.poll();
        busy = next != null;
        return next;
    }
}
