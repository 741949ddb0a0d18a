package dev.shunt.dispatch;

import dev.shunt.task.RateLimit;
import dev.shunt.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * The rate limits of a group's task types. What comes faster than its type's may start waits here, first come first served,
 * and is let through one at a time: the next when the one before has been leased and the interval has passed since. So no
 * time is kept for a task that ends before its turn, and none start in a burst after they waited for slots. A task for one
 * slot is counted as it passes; the others do not wait for that slot.
 */
final class RateLimiter<P> {

    private static final class Limiter<P> {
        private final long intervalNanos;
        private final WaitQueue<P> waiting = new WaitQueue<>();
        private long nextFree;

        /** What was let through last, until it is leased. */
        private @Nullable Work<P> through;

        Limiter(RateLimit limit, long nowNanos) {
            this.intervalNanos = limit.intervalNanos();
            this.nextFree = nowNanos;
        }

        boolean isFree() {
            return through == null || !through.isInQueue() || through.slot() >= 0;
        }
    }

    private final Clock clock;

    /** By type; nothing for one without a limit. */
    private final List<Optional<Limiter<P>>> limiters;

    /** Nearly always there is none, and who looks at each task sees that first. */
    private final boolean unlimited;

    RateLimiter(List<Optional<RateLimit>> limits, Clock clock) {
        this.clock = clock;
        this.limiters = limits.stream()
                .map(limit -> limit.map(l -> new Limiter<P>(l, clock.nanoTime())))
                .toList();
        this.unlimited = limiters.stream().allMatch(Optional::isEmpty);
    }

    private @Nullable Limiter<P> limiterOf(Work<P> work) {
        return unlimited || work.type() < 0 ? null : limiters.get(work.type()).orElse(null);
    }

    /** True if the work may go on now; otherwise it waits here. */
    boolean enter(Work<P> work) {
        Limiter<P> limiter = limiterOf(work);
        if (limiter == null) {
            return true;
        }
        long now = clock.nanoTime();
        if (limiter.waiting.isEmpty() && limiter.isFree() && limiter.nextFree - now <= 0) {
            letThrough(limiter, work, now);
            return true;
        }
        limiter.waiting.add(work);
        return false;
    }

    /** The next work that may go on now; null if there is none. */
    @Nullable Work<P> poll() {
        for (int i = 0; i < limiters.size(); i++) {
            Limiter<P> limiter = limiters.get(i).orElse(null);
            if (limiter != null && !limiter.waiting.isEmpty() && limiter.isFree()) {
                long now = clock.nanoTime();
                Work<P> next = limiter.nextFree - now <= 0 ? limiter.waiting.poll() : null;
                if (next != null) {
                    letThrough(limiter, next, now);
                    return next;
                }
            }
        }
        return null;
    }

    OptionalLong nextDueNanos() {
        if (unlimited) {
            return OptionalLong.empty();
        }
        OptionalLong next = OptionalLong.empty();
        for (int i = 0; i < limiters.size(); i++) {
            Limiter<P> limiter = limiters.get(i).orElse(null);
            if (limiter != null
                    && !limiter.waiting.isEmpty()
                    && limiter.isFree()
                    && (next.isEmpty() || limiter.nextFree - next.getAsLong() < 0)) {
                next = OptionalLong.of(limiter.nextFree);
            }
        }
        return next;
    }

    int size() {
        return limiters.stream()
                .flatMap(Optional::stream)
                .mapToInt(limiter -> limiter.waiting.size())
                .sum();
    }

    void leased(Work<P> work) {
        Limiter<P> limiter = limiterOf(work);
        if (limiter != null) {
            if (isThrough(limiter, work)) {
                limiter.through = null;
            }
            limiter.nextFree = clock.nanoTime() + limiter.intervalNanos;
        }
    }

    /** Where a work that had not started waits again; null if its type has no limit. */
    @Nullable WaitQueue<P> queueOf(Work<P> work) {
        Limiter<P> limiter = limiterOf(work);
        return limiter == null ? null : limiter.waiting;
    }

    @SuppressWarnings("ReferenceEquality") // a work is equal to itself alone
    private static <P> boolean isThrough(Limiter<P> limiter, Work<P> work) {
        return limiter.through == work;
    }

    private static <P> void letThrough(Limiter<P> limiter, Work<P> work, long now) {
        limiter.through = work;
        limiter.nextFree = now + limiter.intervalNanos;
    }
}
