package dev.shunt.dispatch;

import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/** Works that wait their turn. One that is over before its turn is passed over, and forgotten when there are many such. */
final class WaitQueue<P> {

    private static final int FEW = 64;

    private final Deque<Work<P>> works = new ArrayDeque<>();
    private int passedOver;

    boolean isEmpty() {
        return works.size() == passedOver;
    }

    int size() {
        return works.size() - passedOver;
    }

    void add(Work<P> work) {
        work.queue = this;
        works.addLast(work);
    }

    void addFirst(Work<P> work) {
        work.queue = this;
        works.addFirst(work);
    }

    @Nullable Work<P> poll() {
        for (Work<P> next = works.poll(); next != null; next = works.poll()) {
            if (!next.over) {
                next.queue = null;
                return next;
            }
            passedOver--;
        }
        return null;
    }

    /** A work in this queue is over. */
    void ended() {
        passedOver++;
        if (passedOver > FEW && passedOver > works.size() / 2) {
            works.removeIf(work -> work.over);
            passedOver = 0;
        }
    }
}
