package dev.shunt.ipc;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Each transition, and each look that is out of date; jcstress tries the same from several threads at once. */
class ReadTokenTest {

    private final ReadToken token = new ReadToken();

    @BeforeEach
    void offer() {
        token.offer();
    }

    @Test
    void new_isOwned_andNobodyBorrowsIt() {
        var owned = new ReadToken();
        assertThat(ReadToken.isOwned(owned.look())).isTrue();
        assertThat(owned.tryBorrow()).isFalse();
        assertThat(owned.recall()).isFalse();
    }

    @Test
    void offered_isBorrowedOnce() {
        assertThat(token.tryBorrow()).isTrue();
        assertThat(token.tryBorrow()).isFalse();
        assertThat(token.recall()).isFalse();
    }

    @Test
    void givenBack_isOffered_andTheOwnerIsNotWoken() {
        token.tryBorrow();
        assertThat(token.giveBack()).isFalse();
        assertThat(token.tryBorrow()).isTrue();
    }

    @Test
    void unusedSinceTheLook_isReclaimed() {
        assertThat(token.reclaim(token.look())).isTrue();
        assertThat(ReadToken.isOwned(token.look())).isTrue();
        assertThat(token.tryBorrow()).isFalse();
    }

    @Test
    void usedSinceTheLook_isNotReclaimed() {
        long look = token.look();
        token.tryBorrow();
        assertThat(token.reclaim(look)).isFalse();
        token.giveBack();
        assertThat(token.look()).isNotEqualTo(look);
        assertThat(token.reclaim(look)).isFalse();
        assertThat(token.tryBorrow()).isTrue();
    }

    @Test
    void ownerSleeps_whileTheSameBorrowerReads_andGiveBackTells() {
        token.tryBorrow();
        assertThat(token.awaitReturn(token.look())).isTrue();
        assertThat(token.isAwaited()).isTrue();
        assertThat(token.tryBorrow()).isFalse();
        assertThat(token.giveBack()).isTrue();
        assertThat(token.isAwaited()).isFalse();
        assertThat(token.tryBorrow()).isTrue();
    }

    @Test
    void ownerDoesNotSleep_ifTheBorrowerHasGivenItBack() {
        token.tryBorrow();
        long look = token.look();
        token.giveBack();
        assertThat(token.awaitReturn(look)).isFalse();
        token.tryBorrow();
        assertThat(token.awaitReturn(look)).isFalse();
        assertThat(token.isAwaited()).isFalse();
    }

    @Test
    void ownerDoesNotSleep_whileNobodyReads() {
        assertThat(token.awaitReturn(token.look())).isFalse();
        assertThat(token.recall()).isTrue();
        assertThat(token.awaitReturn(token.look())).isFalse();
    }

    @Test
    void recalled_isTheOwners_andALookBeforeIsOutOfDate() {
        long look = token.look();
        assertThat(token.recall()).isTrue();
        assertThat(token.recall()).isFalse();
        assertThat(ReadToken.isOwned(token.look())).isTrue();
        assertThat(token.reclaim(look)).isFalse();
        assertThat(token.tryBorrow()).isFalse();
    }
}
