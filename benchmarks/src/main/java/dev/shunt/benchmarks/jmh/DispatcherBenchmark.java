package dev.shunt.benchmarks.jmh;

import dev.shunt.dispatch.ChildLoad;
import dev.shunt.dispatch.Dispatcher;
import dev.shunt.dispatch.DispatcherOptions;
import dev.shunt.dispatch.Effects;
import dev.shunt.dispatch.Ending;
import dev.shunt.dispatch.RunPolicy;
import dev.shunt.dispatch.Work;
import dev.shunt.task.TaskOptions;
import dev.shunt.time.Clock;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.SplittableRandom;
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

/** One task's share of the dispatcher: it is submitted, and the oldest open lease is settled. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class DispatcherBenchmark implements Effects<String> {

    private static final RunPolicy POLICY = RunPolicy.of(TaskOptions.DEFAULT, false, 0, 0);
    private static final int SLOTS = 2;
    private static final long SHORT_NANOS = 1_000;

    /** Tasks under way while it is measured. */
    @Param({"1", "1024"})
    private int window;

    @Param({"1", "2"})
    private int children;

    private record Open(ChildLoad<String> child, long lease) {}

    private final Deque<Open> open = new ArrayDeque<>();
    private @Nullable Dispatcher<String> dispatcher;

    @Setup
    public void setUp() {
        var made = new Dispatcher<String>(
                Collections.nCopies(children, SLOTS),
                DispatcherOptions.ofMaxQueued(100_000),
                Clock.system(),
                new SplittableRandom(1),
                this);
        dispatcher = made;
        for (int child = 0; child < children; child++) {
            made.childUp(child);
        }
        for (int i = 0; i < window; i++) {
            made.submit(Work.task("task", POLICY));
        }
    }

    @Benchmark
    public @Nullable Object step() {
        var stepped = dispatcher;
        if (stepped == null) {
            return null;
        }
        var oldest = open.remove();
        var work = stepped.settled(oldest.child(), oldest.lease(), null, SHORT_NANOS);
        stepped.submit(Work.task("task", POLICY));
        return work;
    }

    @Override
    public void lease(ChildLoad<String> child, long lease, Work<String> work) {
        open.add(new Open(child, lease));
    }

    @Override
    public void takeBack(ChildLoad<String> child, int count) {}

    @Override
    public void interrupt(ChildLoad<String> child, long lease) {}

    @Override
    public boolean replace(ChildLoad<String> child, String why) {
        return false;
    }

    @Override
    public boolean wornOut(ChildLoad<String> child) {
        return false;
    }

    @Override
    public void broke(Work<String> work, Throwable problem) {
        throw new IllegalStateException(work + " broke", problem);
    }

    @Override
    public long runningNanos(ChildLoad<String> child, long lease) {
        return -1;
    }

    @Override
    public void retried(Work<String> work, long delayNanos) {}

    @Override
    public void ended(Work<String> work, Ending ending) {
        throw new IllegalStateException("ended: " + ending);
    }
}
