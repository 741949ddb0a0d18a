package dev.shunt.engine.manager;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.shunt.control.Inspection.Latency;
import org.junit.jupiter.api.Test;

class LatenciesTest {

    private static final long MILLI = 1_000_000;

    private final Latencies latencies = new Latencies();

    private void add(int times, long nanos) {
        for (int i = 0; i < times; i++) {
            latencies.add(nanos);
        }
    }

    @Test
    void seen_ofNothing_isNone() {
        assertThat(latencies.seen()).isEqualTo(Latency.NONE);
    }

    @Test
    void seen_countsEachOfThoseThatTookTheSame() {
        add(90, 2 * MILLI);
        add(8, 50 * MILLI);
        add(2, 3000 * MILLI);

        var seen = latencies.seen();

        assertThat(seen.count()).isEqualTo(100);
        assertThat(seen.p50()).isCloseTo(0.002, within(0.00002));
        assertThat(seen.p95()).isCloseTo(0.05, within(0.0005));
        assertThat(seen.max()).isCloseTo(3, within(0.03));
        assertThat(seen.mean()).isCloseTo(0.0658, within(0.0001));
    }

    @Test
    void seen_goesOnCounting() {
        add(3, MILLI);
        latencies.seen();
        add(2, MILLI);
        add(1, 0);
        latencies.seen();

        assertThat(latencies.seen().count()).isEqualTo(6);
    }

    @Test
    void add_lessThanNothing_isNothing() {
        add(1, -5);

        assertThat(latencies.seen().count()).isOne();
        assertThat(latencies.seen().max()).isZero();
    }
}
