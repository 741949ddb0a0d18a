package dev.shunt.benchmarks.jmh;

import dev.shunt.data.Data;
import dev.shunt.ipc.Frame;
import dev.shunt.ipc.FrameBuffer;
import dev.shunt.ipc.FrameCodec;
import dev.shunt.ipc.Payload;
import dev.shunt.ipc.WorkKind;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** A lease with its payload, into bytes and out of them. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class FrameCodecBenchmark {

    @Param({"64", "1024", "16384"})
    private int bytes;

    private final FrameBuffer out = new FrameBuffer();
    private Frame lease = new Frame.Ready();
    private ByteBuffer encoded = ByteBuffer.allocate(0);

    @Setup
    public void setUp() {
        lease = new Frame.Lease(
                4096, WorkKind.TASK, 1, 1, 0, Frame.LeaseTerms.NONE, Payload.inline(Data.of(new byte[bytes])));
        var buffer = new FrameBuffer();
        buffer.append(lease);
        encoded = ByteBuffer.allocateDirect(buffer.length());
        encoded.put(Arrays.copyOf(buffer.bytes(), buffer.length())).flip();
    }

    @Benchmark
    public int encode() {
        out.clear();
        out.append(lease);
        return out.length();
    }

    @Benchmark
    public @Nullable Frame decode() {
        encoded.rewind();
        return FrameCodec.decode(encoded);
    }
}
