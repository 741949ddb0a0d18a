package dev.shunt.process;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The delays of one place under a {@link RestartPolicy}. */
final class Backoff {

    private final RestartPolicy policy;
    private Duration next;

    Backoff(RestartPolicy policy) {
        this.policy = policy;
        this.next = policy.firstDelay();
    }

    /** How long to wait for the successor of a child that was ready for so long; null if it never was. */
    Duration afterDeath(@Nullable Duration readyFor) {
        if (readyFor == null || readyFor.compareTo(policy.young()) < 0) {
            var delay = next;
            var doubled = next.multipliedBy(2);
            next = doubled.compareTo(policy.longestDelay()) < 0 ? doubled : policy.longestDelay();
            return delay;
        }
        if (readyFor.compareTo(policy.settled()) >= 0) {
            next = policy.firstDelay();
        }
        return Duration.ZERO;
    }
}
