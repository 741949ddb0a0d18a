package dev.shunt.benchmarks.jmh;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.LinkedTransferQueue;
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
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * To a sleeping thread and back, through the JDK's queues: a reference for what two wake-ups cost on this machine,
 * whatever is on top. It is no path of Shunt's, which hands over by other means.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class HandOffBenchmark {

    @Param({"array", "linked", "transfer"})
    private String queue = "array";

    private BlockingQueue<Long> there = new ArrayBlockingQueue<>(1);
    private BlockingQueue<Long> back = new ArrayBlockingQueue<>(1);
    private @Nullable Thread other;

    @Setup
    public void setUp() {
        there = made();
        back = made();
        other = Thread.ofPlatform().daemon().start(this::sendBack);
    }

    private BlockingQueue<Long> made() {
        return switch (queue) {
            case "array" -> new ArrayBlockingQueue<>(16);
            case "linked" -> new LinkedBlockingQueue<>();
            case "transfer" -> new LinkedTransferQueue<>();
            case String unknown -> throw new IllegalArgumentException(unknown);
        };
    }

    private void sendBack() {
        try {
            while (true) {
                back.put(there.take());
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    @TearDown
    public void tearDown() {
        if (other != null) {
            other.interrupt();
        }
    }

    @Benchmark
    public Long thereAndBack() throws InterruptedException {
        there.put(1L);
        return back.take();
    }
}
