package dev.shunt.dispatch;

import org.jspecify.annotations.Nullable;

/**
 * An order to keep: what is in a lane runs one at a time, first come first served. A connection's lane is at one place,
 * because the handler's state about the connection lives in that heap; an ordering key's is anywhere. Owned by its dispatcher.
 */
public final class Lane<P> {

    static final int ANYWHERE = -1;

    private final int place;
    private final Line<P> waiting = new Line<>();
    private boolean busy;

    Lane(int place) {
        this.place = place;
    }

    /** Where the child is, or its successor, that runs what is in this lane. */
    public int place() {
        return place;
    }

    Line<P> waiting() {
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
