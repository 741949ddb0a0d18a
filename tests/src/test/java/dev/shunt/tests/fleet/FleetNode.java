package dev.shunt.tests.fleet;

import static org.awaitility.Awaitility.await;

import dev.shunt.data.Data;
import dev.shunt.server.Server;
import dev.shunt.task.DeadTask;
import dev.shunt.task.Durability;
import dev.shunt.task.Result;
import dev.shunt.task.Task;
import dev.shunt.task.TaskHandle;
import dev.shunt.task.TaskOptions;
import dev.shunt.task.TaskQueue;
import dev.shunt.testing.Program;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A node of a fleet in this JVM: a server whose slots are threads. What it has run and heard is there to be looked at. */
final class FleetNode implements AutoCloseable {

    static final TaskOptions SYNC = TaskOptions.DEFAULT.durability(Durability.SYNC);

    /** What any node does, as its text says. */
    record Work(String text) {}

    /** Ten a second, on all nodes together. */
    record Limited(int number) {}

    /** For a group of its own. */
    record Mail(String text) {}

    /** One run of a handler. */
    record Run(String node, long id, String text, int attempt, int fence, long nanos) {}

    private final String name;
    private final Server server = new Server("127.0.0.1", 0);
    private final CompletableFuture<Void> end;
    private final List<Run> runs;

    /** What came to {@code onFinish} and {@code onTaskFailed}. */
    final List<Result> heard = new CopyOnWriteArrayList<>();

    /** Tasks whose text begins with "gate" wait for it. */
    final Semaphore gate = new Semaphore(0);

    /** How long a key is held, for "hold KEY". */
    private final OneAtATime keys;

    FleetNode(String name, TaskQueue.Opener queue, List<Run> runs, OneAtATime keys, Consumer<Server> more)
            throws Exception {
        this.name = name;
        this.runs = runs;
        this.keys = keys;
        var started = new CompletableFuture<Void>();
        server.set(settings -> settings.taskQueue(queue).taskWorkerNum(4).inProcess(true));
        server.onReceive((_, _) -> {});
        server.answer(Work.class, (work, task) -> run(work.text(), task));
        server.answer(Limited.class, (limited, task) -> ran("limited " + limited.number(), task));
        server.rateLimit(Limited.class, 10, Duration.ofSeconds(1));
        server.onFinish(heard::add);
        server.onTaskFailed(heard::add);
        server.onStart(() -> started.complete(null));
        more.accept(server);
        end = CompletableFuture.runAsync(server::start, Thread::startVirtualThread);
        CompletableFuture.anyOf(started, end).get(60, TimeUnit.SECONDS);
    }

    String ran(String text, Task task) {
        runs.add(new Run(name, task.id(), text, task.attempt(), task.fence(), System.nanoTime()));
        return name;
    }

    private @Nullable Object run(String text, Task task) throws InterruptedException {
        ran(text, task);
        var words = text.split(" ", -1);
        switch (words[0]) {
            case "gate" -> gate.acquire();
            case "fail" -> throw new IllegalStateException(text);
            case "progress" -> {
                gate.acquire(); // until whoever asks listens
                task.progress(words[1]);
                gate.acquire();
            }
            case "hold" -> keys.hold(words[1], task);
            default -> {}
        }
        return name;
    }

    Server server() {
        return server;
    }

    TaskHandle submit(Object task, TaskOptions options) {
        return server.submit(task, options);
    }

    TaskHandle submit(String text, TaskOptions options) {
        return submit(new Work(text), options);
    }

    /** Its slots are taken until the gate is opened: what nodes share runs elsewhere from now on. */
    void occupy() {
        for (int i = 0; i < 4; i++) {
            server.submit(new Work("gate here"));
        }
        await().until(() -> server.stats().tasks().running() == 4);
    }

    List<DeadTask> dead() {
        return get(server.deadTasks(-1, 1_000));
    }

    static Result result(TaskHandle handle) {
        return get(handle.result());
    }

    static Data done(TaskHandle handle) {
        var result = result(handle);
        if (result instanceof Result.Done done) {
            return done.data();
        }
        throw new AssertionError("not done: " + result);
    }

    static <T> T get(CompletionStage<T> stage) {
        return stage.toCompletableFuture()
                .orTimeout(Program.PATIENCE.toMillis(), TimeUnit.MILLISECONDS)
                .join();
    }

    @Override
    public void close() {
        gate.release(1_000_000);
        server.shutdown();
        get(end);
    }
}
