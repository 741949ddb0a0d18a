package dev.shunt.time;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.junit.jupiter.api.Test;

class NanosTest {

    private static final long FOREVER = Nanos.MAX.toNanos();

    @Test
    void durations_areNanoseconds_fromNoneToForEver() {
        assertThat(Nanos.of(Duration.ofSeconds(1))).isEqualTo(1_000_000_000);
        assertThat(Nanos.of(Duration.ofSeconds(Long.MIN_VALUE))).isZero();
        assertThat(Nanos.of(ChronoUnit.FOREVER.getDuration())).isEqualTo(FOREVER);
        assertThat(Nanos.ofMillis(Long.MIN_VALUE)).isZero();
        assertThat(Nanos.ofMillis(Long.MAX_VALUE)).isEqualTo(FOREVER);
    }

    @Test
    void timesOfTheWallClock_areAtOnce_orNever() {
        assertThat(Nanos.until(Instant.ofEpochMilli(2_500), 1_000)).isEqualTo(1_500_000_000);
        for (long now : new long[] {Long.MIN_VALUE, 0, Long.MAX_VALUE}) {
            assertThat(Nanos.until(Instant.MIN, now)).isZero();
            assertThat(Nanos.until(Instant.MAX, now)).isEqualTo(FOREVER);
        }
    }

    @Test
    void forEver_canBeAddedToAnyReading_andComparedWithALaterOne() {
        for (long now : new long[] {0, Long.MAX_VALUE - 1, Long.MIN_VALUE, -1}) {
            assertThat(now + FOREVER - (now + Duration.ofDays(365).toNanos())).isPositive();
        }
    }
}
