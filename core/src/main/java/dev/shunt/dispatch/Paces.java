package dev.shunt.dispatch;

import dev.shunt.task.RateLimit;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** The rate limits of a group's task types: each start books the next free moment of its type. */
final class Paces {

    private final List<Optional<RateLimit>> limits;
    private final long[] nextFree;

    Paces(List<Optional<RateLimit>> limits, long nowNanos) {
        this.limits = limits;
        this.nextFree = new long[limits.size()];
        Arrays.fill(nextFree, nowNanos);
    }

    /** When a task of this type may start that asks now; never before now. */
    long book(int type, long nowNanos) {
        if (type < 0 || limits.get(type).isEmpty()) {
            return nowNanos;
        }
        long start = nextFree[type] - nowNanos < 0 ? nowNanos : nextFree[type];
        nextFree[type] = start + limits.get(type).get().intervalNanos();
        return start;
    }
}
