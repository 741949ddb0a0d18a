package dev.shunt.process;

import dev.shunt.check.Check;
import java.time.Duration;

/**
 * How soon a dead child has a successor: at once, unless it died young.
 *
 * @param young a child dead before it was ready, or so soon after, makes its successor wait
 * @param firstDelay how long the first time; each further time twice as long
 * @param longestDelay at most this long
 * @param settled a child that lived so long has its successors start from {@code firstDelay} again
 * @param firstStarts so many children may die in a place that never had a ready one; then the program cannot start
 */
public record RestartPolicy(
        Duration young, Duration firstDelay, Duration longestDelay, Duration settled, int firstStarts) {

    public static final RestartPolicy DEFAULT = new RestartPolicy(
            Duration.ofSeconds(1), Duration.ofMillis(100), Duration.ofSeconds(10), Duration.ofSeconds(10), 3);

    public RestartPolicy {
        young = Check.notNegative("young", young);
        longestDelay = Check.positive("longestDelay", longestDelay, "each delay is twice the one before");
        settled = Check.notNegative("settled", settled);
        if (!firstDelay.isPositive() || longestDelay.compareTo(firstDelay) < 0) {
            throw new IllegalArgumentException("delays from " + firstDelay + " to " + longestDelay);
        }
        if (firstStarts < 1) {
            throw new IllegalArgumentException(firstStarts + " first starts");
        }
    }
}
