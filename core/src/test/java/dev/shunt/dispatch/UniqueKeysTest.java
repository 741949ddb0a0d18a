package dev.shunt.dispatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class UniqueKeysTest {

    private final UniqueKeys<String> keys = new UniqueKeys<>();

    @Test
    void take_firstHoldsTheKey_othersAreToldWhoDoes() {
        assertThat(keys.take("k", "a")).isNull();
        assertThat(keys.take("k", "b")).isEqualTo("a");
        assertThat(keys.take("other", "b")).isNull();
        assertThat(keys.size()).isEqualTo(2);
    }

    @Test
    void leave_byTheHolder_freesTheKey() {
        keys.take("k", "a");
        assertThat(keys.leave("k", "a")).isEqualTo(new UniqueKeys.Left<>(List.of(), null));
        assertThat(keys.size()).isZero();
        assertThat(keys.take("k", "b")).isNull();
    }

    @Test
    void leave_byWhatWasDropped_changesNothing() {
        keys.take("k", "a");
        keys.take("k", "dropped");
        assertThat(keys.leave("k", "dropped")).isEqualTo(new UniqueKeys.Left<>(List.of(), null));
        assertThat(keys.take("k", "b")).isEqualTo("a");
    }

    @Test
    void leave_ofAKeyThatNothingHolds_isNothing() {
        assertThat(keys.leave("k", "a")).isEqualTo(new UniqueKeys.Left<>(List.of(), null));
    }

    @Test
    void joined_leaveWithWhatTheyJoined_inTheirOrder_exceptThoseThatLeftBefore() {
        keys.take("k", "a");
        List.of("x", "y", "z").forEach(task -> keys.join("k", task));
        assertThat(keys.hasJoined("k", "y")).isTrue();
        assertThat(keys.leave("k", "y").joined()).isEmpty();
        assertThat(keys.hasJoined("k", "y")).isFalse();
        assertThat(keys.leave("k", "a").joined()).containsExactly("x", "z");
        assertThat(keys.joined()).isZero();
    }

    @Test
    void join_prefersWhatTakesTheKeyNext() {
        keys.take("k", "a");
        keys.join("k", "before");
        keys.replace("k", "b");
        keys.join("k", "after");
        assertThat(keys.hasJoined("k", "after")).isTrue();
        assertThat(keys.hasJoined("k", "b")).isFalse();
        assertThat(keys.leave("k", "a")).isEqualTo(new UniqueKeys.Left<>(List.of("before"), "b"));
        assertThat(keys.take("k", "c")).isEqualTo("b");
        assertThat(keys.leave("k", "b")).isEqualTo(new UniqueKeys.Left<>(List.of("after"), null));
        assertThat(keys.size()).isZero();
    }

    @Test
    void joinedToTheNext_mayLeaveBefore() {
        keys.take("k", "a");
        keys.replace("k", "b");
        keys.join("k", "x");
        keys.leave("k", "x");
        keys.leave("k", "a");
        assertThat(keys.leave("k", "b").joined()).isEmpty();
    }

    @Test
    void next_mayLeaveBeforeItsTurn_withWhatJoinedIt() {
        keys.take("k", "a");
        keys.replace("k", "b");
        keys.join("k", "x");
        assertThat(keys.next("k")).isEqualTo("b");
        assertThat(keys.leave("k", "b")).isEqualTo(new UniqueKeys.Left<>(List.of("x"), null));
        assertThat(keys.next("k")).isNull();
        keys.replace("k", "c");
        assertThat(keys.leave("k", "a").successor()).isEqualTo("c");
    }

    @Test
    void replace_whileAnotherIsNext_isAMistake() {
        keys.take("k", "a");
        keys.replace("k", "b");
        assertThatThrownBy(() -> keys.replace("k", "c"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("b is to take the unique key 'k' already");
    }

    @Test
    void join_ofAKeyThatNothingHolds_isAMistake() {
        assertThatThrownBy(() -> keys.join("k", "a")).hasMessageContaining("nothing holds the unique key 'k'");
    }
}
