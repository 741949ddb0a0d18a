package dev.shunt.ipc;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.shunt.data.Data;
import dev.shunt.ipc.Frame.AskStats;
import dev.shunt.ipc.Frame.Send;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BlockingLinkTest {

    @TempDir
    Path directory;

    private LinkPair pair;
    private BlockingLink link;
    private SocketChannel peer;

    @BeforeEach
    void connect() throws IOException {
        pair = LinkPair.in(directory);
        link = pair.link();
        peer = pair.peer();
    }

    @AfterEach
    void close() throws IOException {
        pair.close();
    }

    @Test
    void frames_comeInOrder_andInBatches() throws IOException {
        var events = reading(link);
        write(encoded(new AskStats(1), new AskStats(2), new AskStats(3)));
        await().until(() -> events.frames.size() == 3);
        assertThat(events.frames).containsExactly(new AskStats(1), new AskStats(2), new AskStats(3));
        await().untilAsserted(() -> assertThat(events.batches).hasValueBetween(1, 3));
        peer.close();
        await().until(() -> "end of stream".equals(events.closed));
    }

    @Test
    void frames_splitAtEveryByte_areTheSame() throws IOException {
        var events = reading(link);
        var bytes = encoded(new Send(7, true, Payload.inline(Data.of("hello"))), new AskStats(2));
        for (byte one : bytes) {
            write(new byte[] {one});
        }
        await().until(() -> events.frames.size() == 2);
        assertThat(events.frames).last().isEqualTo(new AskStats(2));
    }

    @Test
    void frame_farLargerThanAnyBuffer_passes() throws IOException {
        var events = reading(link);
        var large = new byte[20 << 20];
        large[large.length - 1] = 42;
        Thread.ofPlatform()
                .start(() -> write(encoded(new Send(1, true, Payload.inline(Data.of(large))), new AskStats(2))));
        await().until(() -> events.frames.size() == 2);
        assertThat(((Payload.Inline) ((Send) events.frames.getFirst()).payload()).bytes())
                .isEqualTo(large);
    }

    @Test
    void garbage_closesWithAReason() throws IOException {
        var events = reading(link);
        write("GET / HTTP/1.1\r\n\r\n".getBytes(US_ASCII));
        await().untilAsserted(() -> assertThat(events.closed).contains("not a frame", "1195725856 bytes"));
        assertThat(peer.read(ByteBuffer.allocate(1))).isEqualTo(-1);
    }

    @Test
    void unknownOrdinal_closesWithAReason() throws IOException {
        var events = reading(link);
        write(new byte[] {0, 0, 0, 18, 4, 0, 0, 0, 0, 0, 0, 0, 1, 99, 0, 0, 0, 0, 0, 0, 0, 1});
        await().untilAsserted(() -> assertThat(events.closed).contains("not a frame"));
    }

    @Test
    void handlerThatThrows_closesWithAReason() throws IOException {
        var events = new Recording();
        events.onFrame = frame -> {
            throw new IllegalStateException("no such lease");
        };
        Thread.ofPlatform().daemon().start(() -> link.run(FrameCodec::decode, events));
        write(encoded(new AskStats(1)));
        await().untilAsserted(() -> assertThat(events.closed).contains("could not be handled", "no such lease"));
    }

    @Test
    void close_fromAnotherThread_endsTheReader_andSendDoesNothing() {
        var events = reading(link);
        await().until(() -> events.opened);
        link.close();
        await().until(() -> "closed here".equals(events.closed));
        link.send(new AskStats(1));
        link.flush();
        link.flushSoon();
        assertThat(link.flushAll(Duration.ofSeconds(1))).isFalse();
    }

    @Test
    void manyThreads_mixingWaysToFlush_loseNothingAndKeepTheirOrder() throws Exception {
        int threads = 4;
        int each = 50_000;
        var all = readingPeer();
        var senders = IntStream.range(0, threads)
                .mapToObj(thread -> onItsThread(() -> {
                    for (long i = 0; i < each; i++) {
                        link.send(new AskStats(thread * 1_000_000_000L + i));
                        if (i % 3 == 0) {
                            link.flushSoon();
                        } else if (i % 7 == 0 || i == each - 1) {
                            link.flush();
                        }
                    }
                }))
                .toList();
        for (var sender : senders) {
            sender.get();
        }
        await().until(() -> all.frames.size() == threads * each);
        for (int thread = 0; thread < threads; thread++) {
            long from = thread * 1_000_000_000L;
            var mine = all.frames.stream()
                    .map(frame -> ((AskStats) frame).question() - from)
                    .filter(i -> i >= 0 && i < 1_000_000_000L)
                    .toList();
            assertThat(mine).hasSize(each).isSorted();
        }
    }

    @Test
    void interruptedSender_doesNotCloseTheLink() throws IOException {
        var all = readingPeer();
        Thread.currentThread().interrupt();
        link.send(new AskStats(1));
        link.flush();
        assertThat(Thread.interrupted()).isTrue();
        link.send(new AskStats(2));
        link.flush();
        await().until(() -> all.frames.size() == 2);
    }

    @Test
    void senders_waitWhileTooMuchWaits_andGoOnWhenThePeerReads() throws IOException {
        var payload = Payload.inline(Data.of(new byte[10_000]));
        var sent = new AtomicInteger();
        int count = 3000;
        var sender = Thread.ofPlatform().start(() -> {
            for (int i = 0; i < count; i++) {
                link.send(new Send(i, true, payload));
                sent.incrementAndGet();
            }
            link.flush();
        });
        // One batch on its way, and as much again waiting.
        await().until(() -> sender.getState() == Thread.State.WAITING
                && sent.get() * 10_000 > 2 * BlockingLink.MAX_WAITING_BYTES - 20_000);
        assertThat(sent.get() * 10_000).isLessThan(2 * BlockingLink.MAX_WAITING_BYTES + 500_000);
        var all = readingPeer();
        await().until(() -> all.frames.size() == count);
    }

    @Test
    void flush_neverWaitsForThePeer() {
        // More than the socket takes, so that the link's own thread has to go on.
        var payload = Payload.inline(Data.of(new byte[100_000]));
        for (int i = 0; i < 30; i++) {
            link.send(new Send(i, true, payload));
            link.flush();
        }
        assertThat(link.flushAll(Duration.ofMillis(10))).isFalse();
    }

    @Test
    void waitingSender_isLetGoWhenTheLinkCloses() {
        var payload = Payload.inline(Data.of(new byte[1_000_000]));
        var sender = onItsThread(() -> {
            for (int i = 0; i < 100; i++) {
                link.send(new Send(i, true, payload));
            }
        });
        link.close();
        await().until(sender::isDone);
    }

    @Test
    void flushAll_thenClose_deliversEverything() throws IOException {
        for (int i = 0; i < 1000; i++) {
            link.send(new AskStats(i));
        }
        assertThat(link.flushAll(Duration.ofSeconds(60))).isTrue();
        link.close();
        var all = readingPeer();
        await().until(() -> all.closed != null);
        assertThat(all.frames).hasSize(1000);
    }

    /** On a thread of its own: the common pool has a single one on a machine with two processors. */
    private static CompletableFuture<Void> onItsThread(Runnable sender) {
        return CompletableFuture.runAsync(
                sender, run -> Thread.ofPlatform().daemon().start(run));
    }

    private static byte[] encoded(Frame... frames) {
        var buffer = new FrameBuffer();
        for (var frame : frames) {
            buffer.append(frame);
        }
        return Arrays.copyOf(buffer.bytes(), buffer.length());
    }

    private void write(byte[] bytes) {
        try {
            for (var buffer = ByteBuffer.wrap(bytes); buffer.hasRemaining(); ) {
                peer.write(buffer);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Recording readingPeer() throws IOException {
        return reading(BlockingLink.over(peer));
    }

    private static Recording reading(BlockingLink link) {
        var events = new Recording();
        Thread.ofPlatform().daemon().start(() -> link.run(FrameCodec::decode, events));
        return events;
    }

    private static final class Recording implements LinkEvents<Frame> {
        final List<Frame> frames = new CopyOnWriteArrayList<>();
        final AtomicInteger batches = new AtomicInteger();
        volatile Consumer<Frame> onFrame = frame -> {};
        volatile boolean opened;
        volatile @Nullable String closed;
        private final List<Frame> batch = new ArrayList<>();

        @Override
        public void opened(Link link) {
            opened = true;
        }

        @Override
        public void received(Link link, Frame frame) {
            onFrame.accept(frame);
            batch.add(frame);
        }

        @Override
        public void receivedAll(Link link) {
            frames.addAll(batch);
            batch.clear();
            batches.incrementAndGet();
        }

        @Override
        public void closed(Link link, String reason) {
            closed = reason;
        }
    }
}
