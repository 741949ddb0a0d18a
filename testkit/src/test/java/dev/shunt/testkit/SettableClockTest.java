package dev.shunt.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class SettableClockTest {

    @Test
    void standsStill_untilAdvanced() {
        var clock = new SettableClock();
        assertThat(clock.nanoTime()).isEqualTo(clock.nanoTime());
        clock.advance(Duration.ofMillis(1_500));
        assertThat(clock.nanoTime()).isEqualTo(1_500_000_000L);
        assertThat(clock.epochMillis()).isEqualTo(1_500);
        assertThatThrownBy(() -> clock.advance(Duration.ofNanos(-1))).hasMessageContaining("does not go back");
    }

    @Test
    void wallClock_isSet_theMonotonicReadingStays() {
        var clock = new SettableClock();
        clock.advance(Duration.ofSeconds(2));
        clock.setWall(Instant.parse("2026-11-28T10:00:00Z"));
        assertThat(clock.nanoTime()).isEqualTo(2_000_000_000L);
        clock.advance(Duration.ofSeconds(1));
        assertThat(Instant.ofEpochMilli(clock.epochMillis())).isEqualTo("2026-11-28T10:00:01Z");
        clock.setWall(Instant.parse("2016-01-01T00:00:00Z"));
        assertThat(Instant.ofEpochMilli(clock.epochMillis())).isEqualTo("2016-01-01T00:00:00Z");
    }
}
