package dev.shunt.ipc;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;
import org.openjdk.jcstress.infra.results.I_Result;

/** Threads that send over one link, and hand the writing to each other. Results count frames. */
final class OutboundFramesStress {

    private static final Frame FRAME = new Frame.AskStats(1);
    private static final int FRAME_BYTES = lengthOf(FRAME);

    private OutboundFramesStress() {}

    /** Whoever flushes second relies on the first, which may be about to end. */
    @JCStressTest
    @Outcome(
            id = {"2, 0, 0", "1, 1, 0", "0, 2, 0"},
            expect = ACCEPTABLE,
            desc = "each frame is written once")
    @Outcome(expect = FORBIDDEN, desc = "a frame is left without anybody who flushes it, or written twice")
    @State
    public static class TwoSenders {

        private final OutboundFrames frames = new OutboundFrames(() -> {});

        @Actor
        public void sender(III_Result result) {
            frames.append(FRAME);
            result.r1 = flush(frames);
        }

        @Actor
        public void other(III_Result result) {
            frames.append(FRAME);
            result.r2 = flush(frames);
        }

        @Arbiter
        public void arbiter(III_Result result) {
            result.r3 = flush(frames);
        }
    }

    /** One flushes while the socket takes no more, and leaves all that waits to the link's own thread. */
    @JCStressTest
    @Outcome(
            id = {"2, 0, 0", "1, 1, 0", "0, 2, 0"},
            expect = ACCEPTABLE,
            desc = "each frame is written once")
    @Outcome(expect = FORBIDDEN, desc = "a frame is left without anybody who flushes it, or written twice")
    @State
    public static class HandOver {

        private final OutboundFrames frames = new OutboundFrames(() -> {});
        private boolean handedOver;

        @Actor
        public void hindered() {
            frames.append(FRAME);
            if (frames.claim()) {
                frames.handOver();
                handedOver = true;
            }
        }

        @Actor
        public void sender(III_Result result) {
            frames.append(FRAME);
            result.r1 = flush(frames);
        }

        @Arbiter
        public void ownThread(III_Result result) {
            if (handedOver && frames.awaitBatch()) {
                result.r2 = writeAll(frames);
            }
            result.r3 = flush(frames);
        }
    }

    /** One sends and does not flush, again and again, while the link's own thread waits for its moment or falls asleep. */
    @JCStressTest
    @Outcome(id = "3", expect = ACCEPTABLE, desc = "all are written")
    @Outcome(expect = FORBIDDEN, desc = "a frame is lost, or written twice")
    @State
    public static class FlushSoon {

        private final OutboundFrames frames = new OutboundFrames(() -> {});

        @Actor
        public void sender() {
            for (int times = 0; times < 3; times++) {
                frames.append(FRAME);
                frames.flushSoon();
            }
        }

        @Actor
        public void ownThread(I_Result result) {
            while (result.r1 < 3 && frames.awaitBatch()) {
                result.r1 += writeAll(frames);
            }
        }
    }

    /**
     * One flushes while the socket takes no more, again and again, and the link's own thread has just written or
     * sleeps.
     */
    @JCStressTest
    @Outcome(id = "2", expect = ACCEPTABLE, desc = "all are written by the link's own thread")
    @Outcome(expect = FORBIDDEN, desc = "a frame is lost, or written twice")
    @State
    public static class OwnThreadWakes {

        private final OutboundFrames frames = new OutboundFrames(() -> {});

        @Actor
        public void sender() {
            for (int times = 0; times < 2; times++) {
                frames.append(FRAME);
                if (frames.claim()) {
                    frames.handOver();
                }
            }
        }

        @Actor
        public void ownThread(I_Result result) {
            while (result.r1 < 2 && frames.awaitBatch()) {
                result.r1 += writeAll(frames);
            }
        }
    }

    private static int flush(OutboundFrames frames) {
        return frames.claim() ? writeAll(frames) : 0;
    }

    private static int writeAll(OutboundFrames frames) {
        int written = 0;
        do {
            written += frames.batch().length() / FRAME_BYTES;
        } while (frames.next());
        return written;
    }

    private static int lengthOf(Frame frame) {
        var buffer = new FrameBuffer();
        buffer.append(frame);
        return buffer.length();
    }
}
