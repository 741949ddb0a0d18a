package dev.shunt.dispatch;

import java.util.OptionalLong;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/**
 * What is to happen to which work at which time, first set first done. What concerns a work that is over never comes
 * up.
 */
final class AlarmQueue<P> {

    private static final int FEW = 64;

    enum Kind {
        /** Its delay, or the wait before its next attempt, has passed. */
        DUE,
        /** Its attempt has had its time. */
        TIMEOUT,
        /** All of it has had its time. */
        DEADLINE,
        /** It was interrupted, and should have ended. */
        GRACE
    }

    /** @param order of the work when the alarm was set; but for a deadline it means nothing after a further lease */
    record Alarm<P>(long dueNanos, long number, Work<P> work, Kind kind, long order) {
        boolean isStale() {
            return work.over || (kind != Kind.DEADLINE && order != work.order());
        }

        int compareTo(Alarm<P> other) {
            int byTime = Long.signum(dueNanos - other.dueNanos);
            return byTime == 0 ? Long.compare(number, other.number) : byTime;
        }
    }

    private final PriorityQueue<Alarm<P>> alarms = new PriorityQueue<>(Alarm::compareTo);
    private long nextNumber;
    private int stale;

    int size() {
        return alarms.size();
    }

    void add(long dueNanos, Work<P> work, Kind kind) {
        work.times().alarms++;
        alarms.add(new Alarm<>(dueNanos, nextNumber++, work, kind, work.order()));
    }

    /** The next alarm that is due, taken off the alarms; null if none is. */
    @Nullable Alarm<P> poll(long nowNanos) {
        Alarm<P> next = first();
        if (next == null || next.dueNanos - nowNanos > 0) {
            return null;
        }
        remove();
        return next;
    }

    OptionalLong nextDueNanos() {
        Alarm<P> next = first();
        return next == null ? OptionalLong.empty() : OptionalLong.of(next.dueNanos);
    }

    /** A work is over. */
    void ended(Work<P> work) {
        if (!work.hasTimes()) {
            return;
        }
        stale += work.times().alarms;
        if (stale > FEW && stale > alarms.size() / 2) {
            alarms.removeIf(alarm -> alarm.work.over);
            stale = 0;
        }
    }

    /** The first that is not stale; those before it are dropped. */
    private @Nullable Alarm<P> first() {
        Alarm<P> next = alarms.peek();
        while (next != null && next.isStale()) {
            remove();
            next = alarms.peek();
        }
        return next;
    }

    private void remove() {
        Work<P> work = alarms.remove().work;
        work.times().alarms--;
        if (work.over) {
            stale--;
        }
    }

    /** The earlier of two times of the clock. */
    static OptionalLong first(OptionalLong one, OptionalLong other) {
        boolean otherFirst = other.isPresent() && (one.isEmpty() || other.getAsLong() - one.getAsLong() < 0);
        return otherFirst ? other : one;
    }
}
