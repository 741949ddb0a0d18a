package dev.shunt.ipc;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Each transition, by hand; jcstress tries the same from several threads at once. */
class OutboundFramesTest {

    private static final Frame FRAME = new Frame.AskStats(1);
    private static final Duration NO_TIME = Duration.ZERO;

    private final AtomicInteger threadsStarted = new AtomicInteger();
    private final OutboundFrames frames = new OutboundFrames(threadsStarted::incrementAndGet);

    @Test
    void nothing_isNotClaimed() {
        assertThat(frames.claim()).isFalse();
        assertThat(frames.awaitWritten(NO_TIME)).isTrue();
    }

    @Test
    void claimed_isOneThreadsUntilItIsWritten() {
        frames.append(FRAME);
        assertThat(frames.claim()).isTrue();
        assertThat(frames.batch().isEmpty()).isFalse();
        frames.append(FRAME);
        assertThat(frames.claim()).isFalse();
        assertThat(frames.awaitWritten(NO_TIME)).isFalse();
    }

    @Test
    void whatGathersMeanwhile_isTheWritersNextBatch() {
        frames.append(FRAME);
        frames.claim();
        frames.append(FRAME);
        assertThat(frames.next()).isTrue();
        assertThat(frames.batch().isEmpty()).isFalse();
        assertThat(frames.next()).isFalse();
        assertThat(frames.awaitWritten(NO_TIME)).isTrue();
    }

    @Test
    void handedOver_isTheThreads_withWhatGathers() {
        frames.append(FRAME);
        frames.claim();
        frames.handOver();
        frames.append(FRAME);
        assertThat(threadsStarted).hasValue(1);
        assertThat(frames.claim()).isFalse();
        assertThat(frames.awaitBatch()).isTrue();
        assertThat(frames.claim()).isFalse();
        assertThat(frames.next()).isTrue();
        assertThat(frames.next()).isFalse();
        assertThat(frames.awaitWritten(NO_TIME)).isTrue();
    }

    @Test
    void flushedSoon_isTheThreads_afterAMoment() {
        frames.append(FRAME);
        frames.flushSoon();
        frames.flushSoon();
        assertThat(threadsStarted).hasValue(1);
        assertThat(frames.awaitBatch()).isTrue();
        assertThat(frames.next()).isFalse();
    }

    @Test
    void flushedSoon_butClaimedMeanwhile_isWrittenByTheClaimer() {
        frames.append(FRAME);
        frames.flushSoon();
        assertThat(frames.claim()).isTrue();
        frames.append(FRAME);
        assertThat(frames.next()).isTrue();
        assertThat(frames.next()).isFalse();
    }

    @Test
    void flushSoon_withNothing_startsNoThread() {
        frames.flushSoon();
        assertThat(threadsStarted).hasValue(0);
    }

    @Test
    void closed_keepsNothing_andLetsTheThreadGo() {
        frames.append(FRAME);
        frames.claim();
        frames.append(FRAME);
        frames.close();
        assertThat(frames.next()).isFalse();
        frames.append(FRAME);
        assertThat(frames.claim()).isFalse();
        assertThat(frames.awaitBatch()).isFalse();
        assertThat(frames.awaitWritten(NO_TIME)).isFalse();
    }
}
