package dev.shunt.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class BackoffTest {

    private final Backoff backoff = new Backoff(RestartPolicy.DEFAULT);

    @Test
    void deadYoung_waitsTwiceAsLongEachTime_upToTheLongest() {
        assertThat(backoff.afterDeath(null)).hasMillis(100);
        assertThat(backoff.afterDeath(Duration.ofMillis(999))).hasMillis(200);
        for (int deaths = 0; deaths < 5; deaths++) {
            assertThat(backoff.afterDeath(null)).isPositive();
        }
        assertThat(backoff.afterDeath(null)).hasSeconds(10);
        assertThat(backoff.afterDeath(null)).hasSeconds(10);
    }

    @Test
    void deadLater_isReplacedAtOnce_andForgivenWhenItHadSettled() {
        assertThat(backoff.afterDeath(null)).hasMillis(100);
        assertThat(backoff.afterDeath(Duration.ofSeconds(1))).isZero();
        assertThat(backoff.afterDeath(null)).hasMillis(200);
        assertThat(backoff.afterDeath(Duration.ofSeconds(10))).isZero();
        assertThat(backoff.afterDeath(null)).hasMillis(100);
    }
}
