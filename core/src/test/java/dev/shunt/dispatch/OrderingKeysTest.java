package dev.shunt.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class OrderingKeysTest {

    private final OrderingKeys<String> keys = new OrderingKeys<>();

    @Test
    void enter_oneAtATimeHoldsAKey() {
        assertThat(keys.enter("k", "a")).isTrue();
        assertThat(keys.enter("k", "b")).isFalse();
        assertThat(keys.enter("other", "b")).isTrue();
    }

    @Test
    void enter_again_changesNothing() {
        keys.enter("k", "a");
        keys.enter("k", "b");
        assertThat(keys.enter("k", "a")).as("a retry holds it still").isTrue();
        assertThat(keys.enter("k", "b")).isFalse();
        assertThat(keys.leave("k", "a")).isEqualTo("b");
        assertThat(keys.leave("k", "b")).isNull();
        assertThat(keys.size()).isZero();
    }

    @Test
    void leave_passesTheKeyOn_inTheOrderOfEntering() {
        keys.enter("k", "a");
        keys.enter("k", "b");
        keys.enter("k", "c");
        assertThat(keys.leave("k", "a")).isEqualTo("b");
        assertThat(keys.enter("k", "b")).isTrue();
        assertThat(keys.leave("k", "b")).isEqualTo("c");
    }

    @Test
    void leave_byWhatWaits_isPassedOver() {
        keys.enter("k", "a");
        keys.enter("k", "b");
        keys.enter("k", "c");
        assertThat(keys.leave("k", "b")).as("a holds it still").isNull();
        assertThat(keys.leave("k", "a")).isEqualTo("c");
    }

    @Test
    void leave_byWhatHasNotEntered_changesNothing() {
        assertThat(keys.leave("k", "a")).isNull();
        keys.enter("k", "b");
        assertThat(keys.leave("k", "a")).isNull();
        assertThat(keys.enter("k", "c")).isFalse();
    }
}
