package dev.shunt.dispatch;

import dev.shunt.time.Clock;
import java.util.OptionalLong;
import java.util.random.RandomGenerator;

/**
 * Whether a failed or lost attempt is followed by another one, and after how long: as its handler asked, or else by the
 * back-off of its policy. None comes for what was cancelled, nor at or after the deadline.
 */
final class Retries<P> {

    private final Overtime<P> overtime;
    private final Clock clock;
    private final RandomGenerator random;
    private long count;

    Retries(Overtime<P> overtime, Clock clock, RandomGenerator random) {
        this.overtime = overtime;
        this.clock = clock;
        this.random = random;
    }

    /** Nanoseconds before the next attempt, which is counted; empty if there is none. */
    OptionalLong next(Work<P> work, Failed failed) {
        if (!overtime.mayRetry(work) || failed.isFinal() || !work.hasRetriesLeft()) {
            return OptionalLong.empty();
        }
        long delay = failed.retryAfterNanos() >= 0
                ? failed.retryAfterNanos()
                : work.policy().backoffNanos(work.attempt(), random.nextDouble());
        if (overtime.isPastDeadline(work, clock.nanoTime() + delay)) {
            return OptionalLong.empty();
        }
        overtime.retried(work);
        count++;
        return OptionalLong.of(delay);
    }

    /** Attempts that were followed by another one. */
    long count() {
        return count;
    }
}
