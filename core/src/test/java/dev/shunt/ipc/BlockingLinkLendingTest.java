package dev.shunt.ipc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.shunt.ipc.Frame.AskStats;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Threads that read a link in turn with its owner. */
class BlockingLinkLendingTest {

    @TempDir
    Path directory;

    private static final long NUDGE = -1;

    private final Recording events = new Recording();
    private LinkPair pair;
    private BlockingLink link;
    private SocketChannel peer;
    private Thread owner;
    private volatile boolean letGo;

    @BeforeEach
    void run() throws IOException {
        pair = LinkPair.in(directory);
        link = pair.link();
        peer = pair.peer();
        owner = Thread.ofPlatform().daemon().start(() -> link.run(FrameCodec::decode, events));
    }

    @AfterEach
    void close() throws IOException {
        pair.close();
    }

    @Test
    void notLent_ownerReads() throws IOException {
        assertThat(link.readIfLent(() -> true)).isFalse();
        write(1);
        await().until(() -> events.questions().equals(List.of(1L)));
        assertThat(events.threads).containsExactly(owner);
        assertThat(link.readIfLent(() -> true)).isFalse();
    }

    @Test
    void lent_borrowerReads_onItsThread() throws IOException {
        var borrower = waitingBorrower(() -> {});
        write(1);
        borrower.join();
        assertThat(events.questions()).containsExactly(1L);
        assertThat(events.threads.getLast()).isNotEqualTo(owner);
    }

    @Test
    void secondBorrower_isTurnedAway() {
        var first = waitingBorrower(() -> {});
        assertThat(link.readIfLent(() -> true)).isFalse();
        assertThat(first).isNotDone();
        letGo = true;
        link.wakeUp();
        first.join();
    }

    @Test
    void borrowerThatHasSomethingElse_doesNotWait() {
        link.lend(true);
        write(NUDGE);
        await().until(() -> {
            write(NUDGE);
            return link.readIfLent(() -> false);
        });
    }

    @Test
    void borrowerThatStaysAway_findsTheOwnerReading() throws IOException {
        var busy = new CountDownLatch(1);
        var borrower = waitingBorrower(() -> await().until(() -> busy.getCount() == 0));
        write(1);
        await().until(() -> events.questions().equals(List.of(1L)));
        write(2);
        await().until(() -> events.questions().equals(List.of(1L, 2L)));
        assertThat(events.threads.getLast()).isEqualTo(owner);
        busy.countDown();
        borrower.join();
    }

    @Test
    void recalled_ownerReads() throws IOException {
        var borrower = waitingBorrower(() -> {
            link.lend(false);
            link.recall();
        });
        write(1);
        borrower.join();
        write(2);
        await().until(() -> events.questions().equals(List.of(1L, 2L)));
        assertThat(events.threads.getLast()).isEqualTo(owner);
    }

    @Test
    void borrowerMeetsTheEnd_ownerTellsOfIt() throws IOException {
        var borrower = waitingBorrower(() -> {});
        peer.close();
        borrower.join();
        await().until(() -> "end of stream".equals(events.closed));
        assertThat(events.closedOn).isEqualTo(owner);
    }

    @Test
    void closed_letsABorrowerGo() {
        var borrower = waitingBorrower(() -> {});
        link.close();
        borrower.join();
        await().until(() -> "closed here".equals(events.closed));
    }

    @Test
    void manyBorrowers_whileTheLinkIsLentAndTakenBack_loseNothingAndKeepTheOrder() throws IOException {
        int frames = 100_000;
        var borrowers = IntStream.range(0, 4)
                .mapToObj(seed -> onItsThread(() -> {
                    var random = new Random(seed);
                    while (events.frames.size() < frames) {
                        switch (random.nextInt(20)) {
                            case 0 -> link.lend(false);
                            case 1, 2 -> link.lend(true);
                            case 3 -> link.recall();
                            case 4 -> link.wakeUp();
                            default -> link.readIfLent(() -> true);
                        }
                    }
                    link.wakeUp();
                }))
                .toList();
        write(LongStream.range(0, frames).toArray());
        await().atMost(Duration.ofSeconds(60)).until(() -> events.frames.size() == frames);
        link.wakeUp();
        borrowers.forEach(CompletableFuture::join);
        assertThat(events.questions()).isSorted().doesNotHaveDuplicates().hasSize(frames);
        assertThat(events.atOnce).hasValue(0);
    }

    /**
     * A borrower that waits for frames, so long that the owner sleeps; does something when it has read one or is let
     * go.
     */
    private CompletableFuture<Void> waitingBorrower(Runnable then) {
        link.lend(true);
        var borrower = onItsThread(() -> {
            while (events.questions().isEmpty() && events.closed == null && !letGo) {
                link.readIfLent(() -> true);
            }
            then.run();
        });
        await().pollInterval(Duration.ofMillis(10)).until(() -> {
            if (owner.getState() != Thread.State.WAITING) {
                write(NUDGE); // the owner lends when it has read something, and not for long
            }
            return owner.getState() == Thread.State.WAITING;
        });
        return borrower;
    }

    /** On a thread of its owner: the common pool has a single one on a machine with two processors. */
    private static CompletableFuture<Void> onItsThread(Runnable borrower) {
        return CompletableFuture.runAsync(
                borrower, run -> Thread.ofPlatform().daemon().start(run));
    }

    private void write(long... questions) {
        var buffer = new FrameBuffer();
        for (long question : questions) {
            buffer.append(new AskStats(question));
        }
        try {
            for (var bytes = ByteBuffer.wrap(Arrays.copyOf(buffer.bytes(), buffer.length())); bytes.hasRemaining(); ) {
                peer.write(bytes);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static final class Recording implements LinkEvents<Frame> {
        final List<Frame> frames = Collections.synchronizedList(new ArrayList<>());
        final List<Thread> threads = Collections.synchronizedList(new ArrayList<>());
        final AtomicInteger atOnce = new AtomicInteger();
        volatile @Nullable String closed;
        volatile @Nullable Thread closedOn;

        List<Long> questions() {
            return List.copyOf(frames).stream()
                    .map(frame -> ((AskStats) frame).question())
                    .filter(question -> question != NUDGE)
                    .toList();
        }

        @Override
        public void opened(Link link) {}

        @Override
        public void received(Link link, Frame frame) {
            assertThat(atOnce.getAndIncrement()).isZero();
            threads.add(Thread.currentThread());
            frames.add(frame);
            atOnce.decrementAndGet();
        }

        @Override
        public void receivedAll(Link link) {}

        @Override
        public void closed(Link link, String reason) {
            closedOn = Thread.currentThread();
            closed = reason;
        }
    }
}
