package dev.shunt.intake;

import dev.shunt.time.Clock;
import java.util.Comparator;
import java.util.PriorityQueue;

/** Time that stands still until it is told to go on; alarms ring on the way, in their order. */
final class ManualTime implements Clock, Alarms {

    private record Set(long at, long number, Runnable ring) {}

    private final PriorityQueue<Set> alarms =
            new PriorityQueue<>(Comparator.comparingLong(Set::at).thenComparingLong(Set::number));
    private long now;
    private long setByMillis;
    private long number;

    /** The wall clock is set, forward or back. */
    void setWall(long byMillis) {
        setByMillis += byMillis;
    }

    @Override
    public long nanoTime() {
        return now;
    }

    @Override
    public long epochMillis() {
        return now / 1_000_000 + setByMillis;
    }

    @Override
    public Alarm set(long nanos, Runnable ring) {
        var alarm = new Set(now + nanos, number++, ring);
        alarms.add(alarm);
        return () -> alarms.remove(alarm);
    }

    void advance(long nanos, Runnable rung) {
        long end = now + nanos;
        while (!alarms.isEmpty() && alarms.peek().at <= end) {
            var next = alarms.remove();
            now = Math.max(now, next.at);
            next.ring.run();
            if (alarms.isEmpty() || alarms.peek().at > now) {
                rung.run();
            }
        }
        now = end;
    }

    int alarms() {
        return alarms.size();
    }
}
