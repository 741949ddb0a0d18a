package dev.shunt.postgres;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * From which position on a level is looked through for tasks: the smallest one that was claimed two seconds ago. What is below is
 * claimed, but for a late commit, for which all is looked through now and then. So a snapshot that is held elsewhere, which
 * keeps dead rows in the index, costs nothing.
 */
final class Watermarks {

    private static final long AGE = 2_000_000_000L;
    private static final long FROM_ZERO = 10_000_000_000L;
    private static final long FROM_ZERO_WHEN_SHORT = 100_000_000L;

    private record Mark(long nanos, long pos) {}

    private final Deque<Mark> marks = new ArrayDeque<>();
    private long low;
    private long lastFromZero;
    private boolean isShort = true;
    private boolean below;

    long low(long now) {
        while (!marks.isEmpty() && now - marks.getFirst().nanos() > AGE) {
            low = marks.removeFirst().pos();
        }
        long since = now - lastFromZero;
        if (since > FROM_ZERO || ((isShort || below) && since > FROM_ZERO_WHEN_SHORT)) {
            lastFromZero = now;
            below = false;
            return 0;
        }
        return low;
    }

    /** @param smallest position of what was claimed, from {@code low} on */
    void claimed(long now, long smallest, boolean less) {
        isShort = less;
        if (smallest < low) { // what is next to it may be as late
            low = smallest;
            marks.clear();
        }
        marks.addLast(new Mark(now, smallest));
    }

    void nothing() {
        isShort = true;
    }

    /** What had been claimed is back at its place: all is looked through soon. */
    void below() {
        below = true;
    }
}
