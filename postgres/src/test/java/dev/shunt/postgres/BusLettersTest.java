package dev.shunt.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shunt.postgres.BusLetters.Letter;
import org.junit.jupiter.api.Test;

class BusLettersTest {

    private final BusLetters letters = new BusLetters();

    @Test
    void numbered_alsoWhatIsDropped() {
        assertThat(letters.add(BusLetters.ALL, new byte[1], false)).isTrue();
        assertThat(letters.add(BusLetters.ALL, new byte[1], true)).isFalse();
        assertThat(letters.add(7, new byte[1], false)).isTrue();
        assertThat(letters.add(BusLetters.ALL, new byte[1], false)).isTrue();
        assertThat(letters.take().stream().map(Letter::number)).containsExactly(1L, 1L, 3L);
    }

    @Test
    void settled_isUpToWhatNoneIsToCome() {
        letters.add(BusLetters.ALL, new byte[1], false);
        assertThat(letters.settled()).isZero();
        var batch = letters.take();
        letters.add(BusLetters.ALL, new byte[1], false);
        assertThat(letters.settled()).isZero();
        letters.settled(batch);
        assertThat(letters.settled()).isOne();
        assertThat(letters.clear()).isOne();
        assertThat(letters.settled()).isEqualTo(2);
    }

    @Test
    void bounded_inNumberAndBytes() {
        for (int i = 0; i < BusLetters.MOST; i++) {
            assertThat(letters.add(BusLetters.ALL, new byte[0], false)).isTrue();
        }
        assertThat(letters.add(BusLetters.ALL, new byte[0], false)).isFalse();
        letters.clear();
        int half = (int) (BusLetters.MOST_BYTES / 2);
        assertThat(letters.add(BusLetters.ALL, new byte[half], false)).isTrue();
        assertThat(letters.add(BusLetters.ALL, new byte[half], false)).isTrue();
        assertThat(letters.add(BusLetters.ALL, new byte[2], false)).isFalse();
        assertThat(letters.isHalfEmpty()).isFalse();
        letters.settled(letters.take());
        letters.settled(letters.take());
        assertThat(letters.add(BusLetters.ALL, new byte[half], false)).isTrue();
    }

    @Test
    void closed_takesNothing_andEnds() {
        letters.add(BusLetters.ALL, new byte[1], false);
        letters.close();
        assertThat(letters.add(BusLetters.ALL, new byte[1], false)).isFalse();
        assertThat(letters.take()).hasSize(1);
        assertThat(letters.take()).isEmpty();
    }
}
