package dev.shunt.tests.programs;

import dev.shunt.Shunt;
import dev.shunt.pool.TaskPool;
import dev.shunt.task.TaskOptions;
import dev.shunt.testing.Gate;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

/**
 * A pool that a test starts in its own JVM, with this class as main of its children; and a program of its own with two
 * pools: {@code gate PORT} stands there, and closes them in a shutdown hook.
 */
public final class Pooled {

    /** What children say where they are. */
    public record Where(String name) {}

    /** Stands at a gate; its result is what the test answers there. */
    public record Stand(int gate, String who) implements Callable<String> {
        @Override
        public String call() throws IOException {
            return Gate.pass(gate, who);
        }
    }

    public record Sum(List<Integer> numbers) implements Callable<List<Integer>> {
        @Override
        public List<Integer> call() {
            return List.of(numbers.stream().mapToInt(Integer::intValue).sum());
        }
    }

    public record Fail(String message) implements Runnable {
        @Override
        public void run() {
            throw new IllegalStateException(message);
        }
    }

    /** Adds one to what all processes count; its result says so, and how often this process has started. */
    public record Count() {}

    private static final AtomicInteger STARTS = new AtomicInteger();

    /** Of children that run another main than their manager. */
    private static final List<String> NONE = List.of("none");

    private Pooled() {}

    static void main(String... args) throws Exception {
        if (args.length > 0 && args[0].equals("gate")) {
            program(Integer.parseInt(args[1]));
        } else {
            builder(args.length == 0 ? NONE : List.of(args)).start();
        }
    }

    public static TaskPool.Builder builder() {
        return builder(NONE);
    }

    private static TaskPool.Builder builder(List<String> args) {
        var builder = TaskPool.builder("pooled");
        var pool = builder.pool();
        return builder.onProcessStart(STARTS::incrementAndGet)
                .answer(Count.class, count -> pool.atomic("counts").add(1) + " starts " + STARTS.get())
                .slots(2)
                .processes(1)
                .virtualSlots(true)
                .childMain(Pooled.class)
                .jvmOptions("-XX:TieredStopAtLevel=1")
                .answer(
                        Where.class,
                        (where, task) ->
                                where.name() + " in " + ProcessHandle.current().pid() + " child " + Shunt.isChild()
                                        + " attempt " + task.attempt() + " args " + args)
                .answer(Stand.class, Stand::call)
                .answer(Sum.class, Sum::call)
                .handle(Fail.class, Fail::run);
    }

    private static void program(int gate) throws InterruptedException {
        IO.println("main of " + (Shunt.isChild() ? "a child" : "the manager"));
        var first = pool("first").start();
        var second = pool("second").start();
        IO.println("only in the manager");
        IO.println(first.await(new Where("one")));
        IO.println(second.await(new Where("two")));
        var results = IntStream.range(0, 3)
                .mapToObj(number -> first.submit(new Stand(gate, "stand " + number), TaskOptions.DEFAULT)
                        .result())
                .map(result -> result.toCompletableFuture())
                .toList();
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            first.close();
            second.close();
            IO.println("closed; complete: " + results.stream().allMatch(CompletableFuture::isDone));
            results.forEach(result -> IO.println("result " + result.join()));
            IO.println("alive " + ProcessHandle.current().children().count());
        }));
        IO.println("ready");
    }

    private static TaskPool.Builder pool(String name) {
        return TaskPool.builder(name)
                .slots(1)
                .answer(
                        Where.class,
                        where -> where.name() + " in " + ProcessHandle.current().pid())
                .answer(Stand.class, Stand::call);
    }
}
