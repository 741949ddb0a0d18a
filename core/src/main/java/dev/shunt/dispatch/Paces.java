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
final class Paces<P> {

    private static final class Pace<P> {
        private final long intervalNanos;
        private final Line<P> waiting = new Line<>();
        private long nextFree;

        /** What was let through last, until it is leased. */
        private @Nullable Work<P> through;

        Pace(RateLimit limit, long nowNanos) {
            this.intervalNanos = limit.intervalNanos();
            this.nextFree = nowNanos;
        }

        boolean isFree() {
            return through == null || !through.isInLine() || through.slot() >= 0;
        }
    }

    private final Clock clock;
    private final List<Optional<Pace<P>>> paces;

    Paces(List<Optional<RateLimit>> limits, Clock clock) {
        this.clock = clock;
        this.paces = limits.stream()
                .map(limit -> limit.map(l -> new Pace<P>(l, clock.nanoTime())))
                .toList();
    }

    private @Nullable Pace<P> paceOf(Work<P> work) {
        return work.type() < 0 ? null : paces.get(work.type()).orElse(null);
    }

    /** True if the work may go on now; otherwise it waits here. */
    boolean enter(Work<P> work) {
        Pace<P> pace = paceOf(work);
        if (pace == null) {
            return true;
        }
        long now = clock.nanoTime();
        if (pace.waiting.isEmpty() && pace.isFree() && pace.nextFree - now <= 0) {
            letThrough(pace, work, now);
            return true;
        }
        pace.waiting.add(work);
        return false;
    }

    /** The next work that may go on now; null if there is none. */
    @Nullable Work<P> poll() {
        for (int i = 0; i < paces.size(); i++) {
            Pace<P> pace = paces.get(i).orElse(null);
            if (pace != null && !pace.waiting.isEmpty() && pace.isFree()) {
                long now = clock.nanoTime();
                Work<P> next = pace.nextFree - now <= 0 ? pace.waiting.poll() : null;
                if (next != null) {
                    letThrough(pace, next, now);
                    return next;
                }
            }
        }
        return null;
    }

    OptionalLong nextDueNanos() {
        OptionalLong next = OptionalLong.empty();
        for (int i = 0; i < paces.size(); i++) {
            Pace<P> pace = paces.get(i).orElse(null);
            if (pace != null
                    && !pace.waiting.isEmpty()
                    && pace.isFree()
                    && (next.isEmpty() || pace.nextFree - next.getAsLong() < 0)) {
                next = OptionalLong.of(pace.nextFree);
            }
        }
        return next;
    }

    int size() {
        return paces.stream()
                .flatMap(Optional::stream)
                .mapToInt(pace -> pace.waiting.size())
                .sum();
    }

    void leased(Work<P> work) {
        Pace<P> pace = paceOf(work);
        if (pace != null) {
            if (isThrough(pace, work)) {
                pace.through = null;
            }
            pace.nextFree = clock.nanoTime() + pace.intervalNanos;
        }
    }

    /** Where a work that had not started waits again; null if its type has no limit. */
    @Nullable Line<P> lineOf(Work<P> work) {
        Pace<P> pace = paceOf(work);
        return pace == null ? null : pace.waiting;
    }

    @SuppressWarnings("ReferenceEquality") // a work is equal to itself alone
    private static <P> boolean isThrough(Pace<P> pace, Work<P> work) {
        return pace.through == work;
    }

    private static <P> void letThrough(Pace<P> pace, Work<P> work, long now) {
        pace.through = work;
        pace.nextFree = now + pace.intervalNanos;
    }
}
