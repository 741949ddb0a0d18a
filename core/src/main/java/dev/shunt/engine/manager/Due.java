package dev.shunt.engine.manager;

import dev.shunt.plan.Timing;
import dev.shunt.time.Clock;
import java.time.Duration;
import java.time.Instant;

/** When one schedule is due, by a clock that may be set while it waits. Not safe for use by several threads. */
sealed interface Due {

    /** How long to wait until asking again; zero if it is due. */
    Duration left();

    /** It has had its run; what came due since then has none. */
    void ran();

    static Due of(Timing timing, Clock clock) {
        return switch (timing) {
            case Timing.Cron cron -> new AtTimes(cron, clock);
            case Timing.Every every -> new AtIntervals(every, clock);
        };
    }

    /** By the wall clock, which is looked at every minute: it may have been set, and the machine may have slept. */
    final class AtTimes implements Due {

        private static final Duration LOOK = Duration.ofMinutes(1);

        private final Timing.Cron cron;
        private final Clock clock;
        private Instant ran = Instant.MIN;
        private Instant lastLook;
        private Instant next;

        private AtTimes(Timing.Cron cron, Clock clock) {
            this.cron = cron;
            this.clock = clock;
            lastLook = now();
            next = nextAfter(lastLook);
        }

        @Override
        public Duration left() {
            var now = now();
            if (now.isBefore(lastLook)) {
                next = nextAfter(now);
            }
            lastLook = now;
            var left = Duration.between(now, next);
            return left.isNegative() ? Duration.ZERO : left.compareTo(LOOK) < 0 ? left : LOOK;
        }

        @Override
        public void ran() {
            ran = next;
            next = nextAfter(now());
        }

        /** Never what has had its run, even if the clock was set back. */
        private Instant nextAfter(Instant time) {
            return cron.next(time.isBefore(ran) ? ran : time).orElse(Instant.MAX);
        }

        private Instant now() {
            return Instant.ofEpochMilli(clock.epochMillis());
        }
    }

    /** By the monotonic clock, which nobody sets. */
    final class AtIntervals implements Due {

        private final long intervalNanos;
        private final Clock clock;
        private long next;

        private AtIntervals(Timing.Every every, Clock clock) {
            this.intervalNanos = every.interval().toNanos();
            this.clock = clock;
            next = clock.nanoTime() + intervalNanos;
        }

        @Override
        public Duration left() {
            return Duration.ofNanos(Math.max(0, next - clock.nanoTime()));
        }

        @Override
        public void ran() {
            next += ((clock.nanoTime() - next) / intervalNanos + 1) * intervalNanos;
        }
    }
}
