package dev.shunt.dispatch;

import org.jspecify.annotations.Nullable;

/**
 * An order to keep: the events of one connection run one at a time, first come first served, in the child at one place,
 * because the handler's state about the connection lives in that heap. Owned by its dispatcher, through {@link
 * EventSequences}.
 */
public final class Sequence<P> {

    private int place;
    private final WaitQueue<P> waiting = new WaitQueue<>();
    private boolean busy;

    Sequence(int place) {
        this.place = place;
    }

    /** Where the child is, or its successor, that runs what is in this sequence. */
    public int place() {
        return place;
    }

    /** Nothing of it is with a child. */
    void moves(int to) {
        place = to;
    }

    /** True if the event may go on now; otherwise it waits here. */
    boolean enter(Work<P> event) {
        if (busy) {
            waiting.add(event);
            return false;
        }
        busy = true;
        return true;
    }

    @SuppressWarnings("ReferenceEquality") // a queue is equal to itself alone
    boolean isWaiting(Work<P> event) {
        return event.queue == waiting;
    }

    /** What was under way has ended; returns what may go on now. */
    @Nullable Work<P> leave() {
        Work<P> next = waiting.poll();
        busy = next != null;
        return next;
    }
}
