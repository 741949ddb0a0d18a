package dev.shunt.dispatch;

import java.util.OptionalLong;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/** What is to happen to works at which time. What concerns a work that is over never comes up. */
final class Agenda<P> {

    private static final int FEW = 64;

    enum Kind {
        /** Its delay, or the wait before its next attempt, has passed. */
        DUE,
        /** The rate limit of its type lets it start. */
        PACED,
        /** Its attempt has had its time. */
        TIMEOUT,
        /** All of it has had its time. */
        DEADLINE,
        /** It was interrupted, and should have ended. */
        GRACE
    }

    /** @param attempt of the work when the alarm was set; but for a deadline it means nothing in another attempt */
    record Alarm<P>(long dueNanos, Work<P> work, Kind kind, int attempt) {
        boolean isStale() {
            return work.over || (kind != Kind.DEADLINE && attempt != work.attempt());
        }
    }

    private final PriorityQueue<Alarm<P>> alarms =
            new PriorityQueue<>((one, other) -> Long.compare(one.dueNanos - other.dueNanos, 0));
    private int stale;

    void add(long dueNanos, Work<P> work, Kind kind) {
        work.alarms++;
        alarms.add(new Alarm<>(dueNanos, work, kind, work.attempt()));
    }

    /** The next alarm that is due, taken off the agenda; null if none is. */
    @Nullable Alarm<P> poll(long nowNanos) {
        dropStale();
        Alarm<P> next = alarms.peek();
        if (next == null || next.dueNanos - nowNanos > 0) {
            return null;
        }
        remove();
        return next;
    }

    OptionalLong nextDueNanos() {
        dropStale();
        Alarm<P> next = alarms.peek();
        return next == null ? OptionalLong.empty() : OptionalLong.of(next.dueNanos);
    }

    /** A work is over. */
    void dropped(Work<P> work) {
        stale += work.alarms;
        if (stale > FEW && stale > alarms.size() / 2) {
            alarms.removeIf(alarm -> alarm.work.over);
            stale = 0;
        }
    }

    private void dropStale() {
        for (Alarm<P> next = alarms.peek(); next != null && next.isStale(); next = alarms.peek()) {
            remove();
        }
    }

    private void remove() {
        Work<P> work = alarms.remove().work;
        work.alarms--;
        if (work.over) {
            stale--;
        }
    }
}
