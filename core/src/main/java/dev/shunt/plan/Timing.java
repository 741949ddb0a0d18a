package dev.shunt.plan;

import dev.shunt.check.Check;
import dev.shunt.cron.CronExpression;
import dev.shunt.time.Nanos;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Optional;

/** When a schedule is due. */
public sealed interface Timing {

    /** At the times that an expression names in a zone, by the wall clock. */
    @SuppressWarnings("exports") // a program gives the expression as text
    record Cron(CronExpression expression, ZoneId zone) implements Timing {

        /** As {@link CronExpression#next}. */
        public Optional<Instant> next(Instant after) {
            return expression.next(after, zone);
        }

        /** As {@link CronExpression#isFrequent}. */
        public boolean isFrequent() {
            return expression.isFrequent();
        }

        @Override
        public String toString() {
            return expression + " in " + zone;
        }
    }

    /** Again and again, at least a millisecond apart, first after one interval; the wall clock may jump meanwhile. */
    record Every(Duration interval) implements Timing {

        public Every {
            Check.given("schedule interval", interval);
            if (interval.compareTo(Duration.ofMillis(1)) < 0 || interval.compareTo(Nanos.MAX) > 0) {
                throw new IllegalArgumentException(
                        "an interval of " + interval + "; give at least a millisecond, and at most a hundred years");
            }
        }

        public long nanos() {
            return interval.toNanos();
        }

        @Override
        public String toString() {
            return "every " + interval;
        }
    }

    /** Throws {@link IllegalArgumentException} if that is no cron expression. */
    static Timing cron(String expression, ZoneId zone) {
        return new Cron(CronExpression.parse(Check.given("cron", expression)), Check.given("zone", zone));
    }
}
