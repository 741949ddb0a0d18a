package dev.shunt.benchmarks.jmh;

import dev.shunt.ipc.BlockingLink;
import dev.shunt.ipc.Frame;
import dev.shunt.ipc.FrameCodec;
import dev.shunt.ipc.Link;
import dev.shunt.ipc.LinkEvents;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** A small frame over a Unix socket and back, between two threads of one process. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class LinkBenchmark {

    private static final Frame FRAME = new Frame.TakeBack(1);

    private final Semaphore came = new Semaphore(0);
    private @Nullable BlockingLink near;
    private @Nullable BlockingLink far;

    @Setup
    public void setUp() throws IOException {
        var directory = Files.createTempDirectory("bench-");
        var file = directory.resolve("link");
        try (var server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            server.bind(UnixDomainSocketAddress.of(file));
            near = read(BlockingLink.connect(file), new Received(came));
            far = read(BlockingLink.over(server.accept()), new Echo());
        } finally {
            Files.deleteIfExists(file);
            Files.delete(directory);
        }
    }

    private static BlockingLink read(BlockingLink link, LinkEvents<Frame> events) {
        Thread.ofPlatform().daemon().start(() -> link.run(FrameCodec::decode, events));
        return link;
    }

    @TearDown
    public void tearDown() {
        if (near != null && far != null) {
            near.close();
            far.close();
        }
    }

    @Benchmark
    public void thereAndBack() throws InterruptedException {
        if (near != null) {
            near.send(FRAME);
            near.flush();
            came.acquire();
        }
    }

    private record Received(Semaphore came) implements LinkEvents<Frame> {

        @Override
        public void opened(Link link) {}

        @Override
        public void received(Link link, Frame frame) {
            came.release();
        }

        @Override
        public void receivedAll(Link link) {}

        @Override
        public void closed(Link link, String reason) {}
    }

    private record Echo() implements LinkEvents<Frame> {

        @Override
        public void opened(Link link) {}

        @Override
        public void received(Link link, Frame frame) {
            link.send(frame);
        }

        @Override
        public void receivedAll(Link link) {
            link.flush();
        }

        @Override
        public void closed(Link link, String reason) {}
    }
}
