package dev.shunt.netty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.shunt.data.Data;
import dev.shunt.ipc.Frame;
import dev.shunt.ipc.FrameBuffer;
import dev.shunt.ipc.FrameCodec;
import dev.shunt.ipc.Link;
import dev.shunt.ipc.LinkEvents;
import dev.shunt.ipc.Payload;
import dev.shunt.net.Peer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

@ParameterizedClass
@MethodSource("dev.shunt.netty.StreamSocketTest#transports")
class LinkTest {

    private final NetworkFixture fixture;
    private final Path socketFile;

    LinkTest(Transport transport, @TempDir Path directory) {
        fixture = new NetworkFixture(transport);
        socketFile = directory.resolve("manager.sock");
    }

    @AfterEach
    void close() {
        fixture.close();
    }

    @Test
    void frames_travelBothWaysInOrder() throws Exception {
        int count = 100_000;
        var events = new RecordedLinks((link, frame) -> link.send(frame));
        fixture.network.listenLinks(socketFile, fixture.network.loop(0), events);
        try (var child = new Child(socketFile)) {
            var sender = Thread.ofPlatform().start(() -> {
                for (int i = 0; i < count; i++) {
                    child.queue(new Frame.Acknowledged(i));
                    if (i % 1_000 == 0) {
                        child.write();
                    }
                }
                child.write();
            });
            for (int i = 0; i < count; i++) {
                assertThat(child.next()).isEqualTo(new Frame.Acknowledged(i));
            }
            sender.join();
        }
        assertThat(events.closings.poll(60, TimeUnit.SECONDS)).isEqualTo("end of stream");
        assertThat(events.batches.get()).as("frames come in batches").isLessThan(count / 10);
    }

    /** A child that dies has settled leases; the manager, which goes on leasing, must hear of them all. */
    @Test
    void lastWords_ofAChildThatIsWrittenTo_areAllRead() throws Exception {
        int count = 50_000;
        for (int children = 0; children < 20; children++) {
            var received = new AtomicInteger();
            var events = new RecordedLinks((link, _) -> {
                link.send(new Frame.Stop());
                if (received.incrementAndGet() % 7 == 0) {
                    link.flush();
                }
            });
            var file = socketFile.resolveSibling("manager" + children);
            fixture.network.listenLinks(file, fixture.network.loop(0), events);
            try (var child = new Child(file)) {
                for (int i = 0; i < count; i++) {
                    child.queue(new Frame.Acknowledged(i));
                }
                child.write();
            }
            assertThat(events.closings.poll(60, TimeUnit.SECONDS)).isNotNull();
            assertThat(received).hasValue(count);
        }
    }

    @Test
    void largeFrame_comesWhole() throws Exception {
        var large = new Frame.Send(1, true, Payload.inline(Data.of(new byte[10 << 20])));
        var events = new RecordedLinks(Link::send);
        fixture.network.listenLinks(socketFile, fixture.network.loop(0), events);
        try (var child = new Child(socketFile)) {
            child.queue(large);
            var sender = Thread.ofPlatform().start(child::write);
            assertThat(child.next())
                    .isInstanceOfSatisfying(
                            Frame.Send.class,
                            back -> assertThat(((Payload.Inline) back.payload()).bytes())
                                    .hasSize(10 << 20));
            sender.join();
        }
    }

    @Test
    void garbage_endsItsLinkOnly() throws Exception {
        var events = new RecordedLinks(Link::send);
        fixture.network.listenLinks(socketFile, fixture.network.loop(0), events);
        byte[][] garbage = {
            {0, 0, 0, 0},
            {-1, -1, -1, -1},
            {0, 0, 0, 1, 99},
            {0, 0, 0, 2, 2, 0},
            {0, 0, 0, 5, 8, 1, 2, 3, 4},
            {0, 0, 0, 9, 3, 0x7f, -1, -1, -1, 0, 0, 0, 0},
            {0, 0, 0, 22, 4, 0, 0, 0, 0, 0, 0, 0, 1, 77, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0}
        };
        try (var good = new Child(socketFile)) {
            for (byte[] bytes : garbage) {
                try (var bad = new Child(socketFile)) {
                    bad.queue(new Frame.Ready());
                    bad.write();
                    bad.write(bytes);
                    assertThat(bad.next()).isEqualTo(new Frame.Ready());
                    assertThat(bad.next()).as("end").isNull();
                    assertThat(events.closings.poll(60, TimeUnit.SECONDS)).startsWith("no frame: ");
                }
                good.queue(new Frame.Ready());
                good.write();
                assertThat(good.next()).isEqualTo(new Frame.Ready());
            }
        }
    }

    @Test
    void frameThatOnlyAManagerSends_endsItsLink_andIsNotHandedOver() throws Exception {
        var events = new RecordedLinks(Link::send);
        fixture.network.listenLinks(socketFile, fixture.network.loop(0), events);
        try (var child = new Child(socketFile)) {
            child.queue(new Frame.Ready());
            child.queue(new Frame.Stop());
            child.queue(new Frame.Ready());
            child.write();
            assertThat(child.next()).isEqualTo(new Frame.Ready());
            assertThat(child.next()).as("end").isNull();
            assertThat(events.closings.poll(60, TimeUnit.SECONDS)).isEqualTo("no frame: a child does not send a Stop");
        }
    }

    @Test
    void sends_fromOtherThreads_keepTheirOrderAndAreFlushed() throws Exception {
        int threads = 3;
        int each = 5_000;
        var events = new RecordedLinks((_, _) -> {});
        fixture.network.listenLinks(socketFile, fixture.network.loop(0), events);
        try (var child = new Child(socketFile)) {
            var link = events.opened.take();
            var senders = IntStream.range(0, threads)
                    .mapToObj(t -> Thread.ofPlatform().start(() -> {
                        for (int i = 0; i < each; i++) {
                            link.send(new Frame.Adopt(t, new Peer(i, "", 0, "", 0)));
                        }
                    }))
                    .toList();
            var next = new long[threads];
            for (int i = 0; i < threads * each; i++) {
                assertThat(child.next())
                        .isInstanceOfSatisfying(
                                Frame.Adopt.class,
                                frame -> assertThat(frame.peer().connectionId()).isEqualTo(next[frame.listener()]++));
            }
            for (var sender : senders) {
                sender.join();
            }
        }
    }

    @Test
    void close_sendsWhatWaitsFirst() throws Exception {
        var events = new RecordedLinks((link, _) -> {
            link.send(new Frame.Stop());
            link.close();
            link.send(new Frame.Welcome(1 << 20));
        });
        fixture.network.listenLinks(socketFile, fixture.network.loop(0), events);
        try (var child = new Child(socketFile)) {
            child.queue(new Frame.Ready());
            child.write();
            assertThat(child.next()).isEqualTo(new Frame.Stop());
            assertThat(child.next()).isNull();
        }
        assertThat(events.closings.poll(60, TimeUnit.SECONDS)).isEqualTo("closed here");
    }

    @Test
    void closeOfAll_endsLinksAndRemovesTheFile() throws Exception {
        var events = new RecordedLinks((_, _) -> {});
        var listening = fixture.network.listenLinks(socketFile, fixture.network.loop(0), events);
        try (var child = new Child(socketFile)) {
            events.opened.take();
            listening.close();
            assertThat(child.next()).isNull();
        }
        assertThat(Files.exists(socketFile)).isFalse();
        assertThat(events.closings.poll(60, TimeUnit.SECONDS)).isEqualTo("closed here");
    }

    @Test
    void fileInTheWay_isExplained() throws IOException {
        Files.createFile(socketFile);
        assertThatThrownBy(() -> fixture.network.listenLinks(
                        socketFile, fixture.network.loop(0), new RecordedLinks((_, _) -> {})))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(socketFile + ": the file exists; remove it");
    }

    /** The other end: blocking, as in a child. */
    private static final class Child implements AutoCloseable {

        private final SocketChannel channel;
        private final FrameBuffer out = new FrameBuffer();
        private ByteBuffer in = ByteBuffer.allocate(64 << 10).flip();

        Child(Path socketFile) throws IOException {
            channel = SocketChannel.open(UnixDomainSocketAddress.of(socketFile));
        }

        void queue(Frame frame) {
            out.append(frame);
        }

        void write() {
            write(Arrays.copyOf(out.bytes(), out.length()));
            out.clear();
        }

        void write(byte[] bytes) {
            var buffer = ByteBuffer.wrap(bytes);
            try {
                while (buffer.hasRemaining()) {
                    channel.write(buffer);
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        /** Null at the end of the stream. */
        @Nullable Frame next() throws IOException {
            while (true) {
                var frame = FrameCodec.decode(in);
                if (frame != null) {
                    return frame;
                }
                if (in.remaining() == in.capacity()) {
                    in = ByteBuffer.allocate(in.capacity() * 2).put(in).flip();
                }
                in.compact();
                int read = channel.read(in);
                in.flip();
                if (read < 0) {
                    return null;
                }
            }
        }

        @Override
        public void close() throws IOException {
            channel.close();
        }
    }

    private static final class RecordedLinks implements LinkEvents<Frame.FromChild> {

        final BlockingQueue<Link> opened = new LinkedBlockingQueue<>();
        final BlockingQueue<String> closings = new LinkedBlockingQueue<>();
        final AtomicInteger batches = new AtomicInteger();
        private final BiConsumer<Link, Frame> onReceived;

        RecordedLinks(BiConsumer<Link, Frame> onReceived) {
            this.onReceived = onReceived;
        }

        @Override
        public void opened(Link link) {
            opened.add(link);
        }

        @Override
        public void received(Link link, Frame.FromChild frame) {
            onReceived.accept(link, frame);
        }

        @Override
        public void receivedAll(Link link) {
            batches.incrementAndGet();
        }

        @Override
        public void closed(Link link, String reason) {
            closings.add(reason);
        }
    }
}
