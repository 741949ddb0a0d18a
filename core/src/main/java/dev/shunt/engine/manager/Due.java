package dev.shunt.engine.manager;

import dev.shunt.log.Log;
import dev.shunt.plan.Timing;
import dev.shunt.task.TaskQueue.Occurrence;
import dev.shunt.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;

/** When one schedule is due, by a clock that may be set while it waits. Not safe for use by several threads. */
sealed interface Due {

    /** How long to wait until asking again; zero if it is due. */
    Duration left();

    /** The next time; empty if there is none. */
    Optional<Instant> next();

    /** It has had its run; what came due since then has none. */
    void ran();

    /** Of nodes that share a queue: it is not due for so long. */
    void waits(Duration left);

    /** As nodes that share a queue call it. */
    Occurrence occurrence(String schedule);

    /** What none of those nodes may have asked for, the oldest first: times before this one was made, or since its last one. */
    List<Occurrence> missed(String schedule);

    static Due of(Timing timing, Clock clock) {
        return switch (timing) {
            case Timing.Cron cron -> new AtTimes(cron, clock);
            case Timing.Every every -> new AtIntervals(every, clock, clock.nanoTime() + every.nanos());
        };
    }

    /** Of nodes that share a queue: it says when intervals begin, and is asked at once. */
    static Due shared(Timing timing, Clock clock) {
        return timing instanceof Timing.Every every
                ? new AtIntervals(every, clock, clock.nanoTime())
                : of(timing, clock);
    }

    /**
     * By the wall clock, which is looked at every minute: it may have been set, and the machine may have slept. As Vixie's
     * cron does it: what a jump of less than three hours left out runs once, and what such a jump back brings again does
     * not, but for frequent expressions, which go by the clock; a longer jump corrects the clock, and the new time counts
     * at once.
     */
    final class AtTimes implements Due {

        private static final Logger LOG = Log.of(Due.class);

        private static final Duration LOOK = Duration.ofMinutes(1);

        /** Three hours, as far as looking once a minute tells. */
        private static final Duration CORRECTION = Duration.ofHours(3).minus(LOOK);

        private final Timing.Cron cron;
        private final Clock clock;
        private Instant next;

        /** At the last look, by both clocks. */
        private Instant wall;

        private long nanos;

        /** How far the wall clock has come, not counting what was corrected. */
        private Instant furthest;

        private AtTimes(Timing.Cron cron, Clock clock) {
            this.cron = cron;
            this.clock = clock;
            wall = Instant.ofEpochMilli(clock.epochMillis());
            nanos = clock.nanoTime();
            furthest = wall;
            next = nextAfter(wall);
        }

        @Override
        public Duration left() {
            look();
            var left = Duration.between(wall, next);
            return left.isNegative() ? Duration.ZERO : left.compareTo(LOOK) < 0 ? left : LOOK;
        }

        @Override
        public Optional<Instant> next() {
            return next.equals(Instant.MAX) ? Optional.empty() : Optional.of(next);
        }

        @Override
        public void ran() {
            var due = next;
            look();
            if (next.equals(due)) { // else the clock was set while it ran
                next = nextAfter(wall.isBefore(due) ? due : wall);
            }
        }

        /** The clock says when it is due. */
        @Override
        public void waits(Duration left) {}

        @Override
        public Occurrence occurrence(String schedule) {
            return new Occurrence(schedule, next.toEpochMilli(), 0, false);
        }

        @Override
        public List<Occurrence> missed(String schedule) {
            var times = new ArrayList<Occurrence>();
            var due = next;
            look();
            var oldest = wall.minus(Occurrence.MISSED);
            var from = due.isAfter(wall) || due.isBefore(oldest) ? oldest : due;
            for (var time = nextAfter(from); !time.isAfter(wall); time = nextAfter(time)) {
                times.add(new Occurrence(schedule, time.toEpochMilli(), 0, true));
            }
            return times;
        }

        private void look() {
            var before = wall;
            long nanosBefore = nanos;
            wall = Instant.ofEpochMilli(clock.epochMillis());
            nanos = clock.nanoTime();
            if (wall.isBefore(before)) {
                setBack(before);
            } else {
                wentOn(before.plusNanos(nanos - nanosBefore));
            }
            furthest = wall.isAfter(furthest) ? wall : furthest;
        }

        private void setBack(Instant before) {
            var back = Duration.between(wall, furthest);
            if (back.compareTo(CORRECTION) >= 0) {
                furthest = wall;
                correct(before);
            } else if (cron.isFrequent() && back.compareTo(LOOK) >= 0) {
                next = nextAfter(wall);
            }
        }

        /** @param unset what the time would be if nobody had set it since the last look */
        private void wentOn(Instant unset) {
            boolean leftOut = next.isAfter(unset) && !next.isAfter(wall);
            if (leftOut && Duration.between(unset, wall).compareTo(CORRECTION) >= 0) {
                correct(unset);
            }
        }

        private void correct(Instant from) {
            next = nextAfter(wall);
            LOG.warn("the clock was set from {} to {}: {} is due next at {}", from, wall, cron, next);
        }

        private Instant nextAfter(Instant time) {
            return cron.next(time).orElse(Instant.MAX);
        }
    }

    /** By the monotonic clock, which nobody sets. */
    final class AtIntervals implements Due {

        private final long intervalNanos;
        private final Clock clock;
        private long next;

        private AtIntervals(Timing.Every every, Clock clock, long first) {
            this.intervalNanos = every.nanos();
            this.clock = clock;
            next = first;
        }

        @Override
        public Duration left() {
            return Duration.ofNanos(Math.max(0, next - clock.nanoTime()));
        }

        @Override
        public Optional<Instant> next() {
            return Optional.of(Instant.ofEpochMilli(clock.epochMillis()).plus(left()));
        }

        @Override
        public void ran() {
            next += ((clock.nanoTime() - next) / intervalNanos + 1) * intervalNanos;
        }

        @Override
        public void waits(Duration left) {
            next = clock.nanoTime() + left.toNanos();
        }

        @Override
        public Occurrence occurrence(String schedule) {
            return new Occurrence(schedule, 0, Math.max(1, intervalNanos / 1_000_000), true);
        }

        /** The queue knows. */
        @Override
        public List<Occurrence> missed(String schedule) {
            return List.of();
        }
    }
}
