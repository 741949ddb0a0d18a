package dev.shunt.dispatch;

import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * An order to keep: one connection's events run one at a time, first come first served, all on one child, because the
 * handler's state about the connection lives in that heap. Owned by its dispatcher.
 */
public final class Lane<P> {

    private final int child;
    private final Deque<Work<P>> waiting = new ArrayDeque<>();
    private boolean busy;

    Lane(int child) {
        this.child = child;
    }

    /** The child that runs what is in this lane, or its successor. */
    public int child() {
        return child;
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
