package dev.shunt.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class BusGapsTest {

    private static final int OLDER = 3;
    private static final int YOUNGER = 9;

    private final BusGaps gaps = new BusGaps(5);

    @Test
    void youngerNode_isMissedFromItsFirstMessageOn() {
        assertThat(gaps.heard(YOUNGER, true, 3)).isEqualTo(2);
        assertThat(gaps.heard(YOUNGER, true, 4)).isZero();
        assertThat(gaps.heard(YOUNGER, true, 10)).isEqualTo(5);
        assertThat(gaps.missed()).isEqualTo(7);
    }

    @Test
    void olderNode_isMissedFromTheFirstThatCameOn() {
        assertThat(gaps.heard(OLDER, false, 1_000)).isZero();
        assertThat(gaps.heard(OLDER, false, 1_002)).isOne();
        assertThat(gaps.heard(OLDER, true, 50)).isZero();
        assertThat(gaps.missed()).isOne();
    }

    @Test
    void whatANodeHadSaidTheLastTime_hasComeByNow_orIsMissed() {
        assertThat(gaps.heard(YOUNGER, true, 1)).isZero();
        assertThat(gaps.said(YOUNGER, 4)).isZero();
        assertThat(gaps.said(YOUNGER, 6)).isEqualTo(3);
        assertThat(gaps.said(YOUNGER, 6)).isEqualTo(2);
        assertThat(gaps.said(YOUNGER, 6)).isZero();
        assertThat(gaps.heard(YOUNGER, true, 6)).isZero(); // late
        assertThat(gaps.missed()).isEqualTo(4);
    }

    @Test
    void whatAnOlderNodeSaidBefore_isNotMissed() {
        gaps.said(OLDER, 10);
        gaps.said(OLDER, 15);
        gaps.said(OLDER, 15);
        assertThat(gaps.said(OLDER, 15)).isZero();
        assertThat(gaps.said(OLDER, 15)).isZero();
        assertThat(gaps.said(OLDER, 17)).isZero();
        assertThat(gaps.said(OLDER, 17)).isEqualTo(2);
    }

    @Test
    void anotherRunOfThatNumber_beginsAnew() {
        gaps.heard(YOUNGER, true, 1);
        gaps.heard(YOUNGER, true, 2);
        gaps.said(YOUNGER, 2);
        assertThat(gaps.heard(YOUNGER, true, 1)).isZero();
        assertThat(gaps.said(YOUNGER, 1)).isZero();
        assertThat(gaps.heard(YOUNGER, true, 2)).isZero();
        assertThat(gaps.missed()).isZero();
    }
}
