package dev.shunt.dispatch;

import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/** Works that wait their turn. One that is over before its turn is passed over, and forgotten when there are many such. */
final class WaitQueue<P> {

    private static final int FEW = 64;

    /** How many wait in several queues. */
    static final class Total {
        private int waiting;

        boolean isZero() {
            return waiting == 0;
        }
    }

    private final Deque<Work<P>> works = new ArrayDeque<>();
    private final Total total;
    private int waiting;

    WaitQueue() {
        this(new Total());
    }

    /** @param total of this queue and others */
    WaitQueue(Total total) {
        this.total = total;
    }

    boolean isEmpty() {
        return waiting == 0;
    }

    int size() {
        return waiting;
    }

    void add(Work<P> work) {
        enters(work);
        works.addLast(work);
    }

    void addFirst(Work<P> work) {
        enters(work);
        works.addFirst(work);
    }

    private void enters(Work<P> work) {
        work.queue = this;
        waiting++;
        total.waiting++;
    }

    private void left() {
        waiting--;
        total.waiting--;
    }

    @Nullable Work<P> poll() {
        for (Work<P> next = works.poll(); next != null; next = works.poll()) {
            if (!next.over) {
                next.queue = null;
                left();
                return next;
            }
        }
        return null;
    }

    /** A work in this queue is over. */
    void ended() {
        left();
        int passedOver = works.size() - waiting;
        if (passedOver > FEW && passedOver > works.size() / 2) {
            works.removeIf(work -> work.over);
        }
    }
}
