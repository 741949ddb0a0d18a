package dev.shunt.time;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class BusyWaitTest {

    private static final Duration SHORT = BusyWait.MOMENT.dividedBy(2);
    private static final Duration MISSED = BusyWait.MOMENT.multipliedBy(2);
    private static final Duration LONG = BusyWait.MOMENT.multipliedBy(4);

    private long now;
    private final BusyWait busy = new BusyWait(new Clock() {
        @Override
        public long nanoTime() {
            return now;
        }

        @Override
        public long epochMillis() {
            return 0;
        }
    });

    /** True if the thread looked before it slept. */
    private boolean waits(Duration time) {
        busy.begin();
        boolean looked = busy.goesOn();
        now += time.toNanos();
        busy.end();
        return looked;
    }

    @Test
    void firstWait_isAsleep() {
        assertThat(waits(SHORT)).isFalse();
    }

    @Test
    void afterAShortWait_looksForAMoment() {
        waits(SHORT);
        busy.begin();
        assertThat(busy.goesOn()).isTrue();
        now += BusyWait.MOMENT.toNanos();
        assertThat(busy.goesOn()).isFalse();
    }

    @Test
    void afterALongWait_isAsleep() {
        waits(SHORT);
        assertThat(waits(LONG)).isTrue();
        assertThat(waits(SHORT)).isFalse();
        assertThat(waits(SHORT)).isTrue();
    }

    @Test
    void inVainAgainAndAgain_isAsleepForLong() {
        waits(MISSED);
        int looked = 0;
        for (int i = 0; i < 1_000; i++) {
            looked += waits(MISSED) ? 1 : 0;
        }
        assertThat(looked).isBetween(8, 40);
    }

    @Test
    void inVainNowAndThen_looksOn() {
        waits(SHORT);
        for (int i = 0; i < 1_000; i++) {
            assertThat(waits(i % 4 == 0 ? SHORT : MISSED)).isTrue();
        }
    }
}
