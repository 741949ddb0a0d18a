package dev.shunt.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
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
}
