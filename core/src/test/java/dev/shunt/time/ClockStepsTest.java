package dev.shunt.time;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ClockStepsTest {

    private long millis = 1_000_000;
    private long setBy;

    private final ClockSteps steps = new ClockSteps(new Clock() {
        @Override
        public long nanoTime() {
            return TimeUnit.MILLISECONDS.toNanos(millis);
        }

        @Override
        public long epochMillis() {
            return millis + setBy;
        }
    });

    @Test
    void timeThatPasses_isNoStep() {
        millis += 60_000;
        assertThat(steps.any()).isFalse();
    }

    @Test
    void clockThatIsSet_isToldOfOnce() {
        setBy = 3_600_000;
        assertThat(steps.any()).isTrue();
        assertThat(steps.any()).isFalse();
        setBy = -3_600_000;
        assertThat(steps.any()).isTrue();
        assertThat(steps.any()).isFalse();
    }

    @Test
    void clockThatIsSetInSmallSteps_isToldOfInTheEnd() {
        int told = 0;
        for (int i = 1; i <= 60; i++) {
            setBy = 5L * i;
            told += steps.any() ? 1 : 0;
        }
        assertThat(told).isEqualTo(6);
    }
}
