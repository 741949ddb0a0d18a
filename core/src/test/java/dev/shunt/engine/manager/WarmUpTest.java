package dev.shunt.engine.manager;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shunt.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class WarmUpTest {

    /** On cores that are busy its first message takes longer than a handler may; that is no handler of the program. */
    @Test
    void clockOfTheWarmUp_standsStill_soThatNothingIsSlowInIt() {
        var clock = new SteppedClock(Instant.EPOCH);
        Clock still = new WarmUp.Still(clock);
        clock.pass(Duration.ofSeconds(1));
        assertThat(still.nanoTime()).isZero();
        assertThat(still.epochMillis()).isZero();
    }
}
