package dev.shunt.benchmarks.jmh;

import dev.shunt.ipc.SlotTable;
import dev.shunt.ipc.WorkKind;
import java.io.IOException;
import java.nio.file.Files;
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

/** What a slot writes into the mapped file before and after each run. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class SlotTableBenchmark {

    private @Nullable SlotTable table;
    private long lease;

    @Setup
    public void setUp() throws IOException {
        var directory = Files.createTempDirectory("bench-");
        var file = directory.resolve("slots");
        table = SlotTable.create(file, 4);
        Files.delete(file); // it stays mapped
        Files.delete(directory);
    }

    @TearDown
    public void tearDown() {
        if (table != null) {
            table.close();
        }
    }

    @Benchmark
    public void run() {
        var written = table;
        if (written != null) {
            written.starting(0, lease++, WorkKind.TASK, 1, 1, 1);
            written.ended(0);
        }
    }
}
