package dev.shunt.testkit;

import dev.shunt.task.RateLimit;
import java.util.HashMap;
import java.util.Map;

/** When tasks of types with a rate may start, in a {@link MemoryTaskQueue}. Under the queue's lock. */
final class MemoryRates {

    private final Map<String, Long> next = new HashMap<>();

    /** In how many nanoseconds one may start; taken if that is not more than {@code most}. */
    long startIn(String type, RateLimit rate, long now, long most) {
        long start = next.getOrDefault(type, now);
        long startIn = Math.max(0, start - now);
        if (startIn <= most) {
            next.put(type, Math.max(start, now) + rate.intervalNanos());
        }
        return startIn;
    }
}
