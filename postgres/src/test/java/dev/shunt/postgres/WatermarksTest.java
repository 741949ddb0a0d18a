package dev.shunt.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** From where tasks are looked for. */
class WatermarksTest {

    private static final long START = TimeUnit.HOURS.toNanos(1);
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    @Test
    void whatIsBackBelow_isFoundAtOnce_andThenOnlyWhatIsAbove() {
        var marks = new Watermarks();
        assertThat(marks.low(START)).isZero();
        marks.claimed(START, 100, false);
        assertThat(marks.low(START + 3 * SECOND)).isEqualTo(100);
        marks.below();
        assertThat(marks.low(START + 4 * SECOND)).isZero();
        assertThat(marks.low(START + 5 * SECOND)).isEqualTo(100);
    }

    @Test
    void whatIsFoundBelow_isFollowedByWhatIsNextToIt() {
        var marks = new Watermarks();
        assertThat(marks.low(START)).isZero();
        marks.claimed(START, 100, false);
        assertThat(marks.low(START + 3 * SECOND)).isEqualTo(100);
        marks.below();
        assertThat(marks.low(START + 4 * SECOND)).isZero();
        marks.claimed(START + 4 * SECOND, 7, false);
        assertThat(marks.low(START + 4 * SECOND)).isEqualTo(7);
        marks.claimed(START + 5 * SECOND, 101, false);
        assertThat(marks.low(START + 8 * SECOND)).isEqualTo(101);
    }
}
