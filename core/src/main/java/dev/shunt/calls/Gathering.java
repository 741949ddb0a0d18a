package dev.shunt.calls;

import dev.shunt.engine.Engine;
import dev.shunt.task.Result;
import dev.shunt.task.Submission;
import dev.shunt.task.TaskHandle;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.IntStream;

/** Results that are waited for together, without a thread that waits; safe for use by any thread. */
final class Gathering {

    private final List<Submission> tasks;
    private final List<TaskHandle> handles;
    private final List<CompletableFuture<Result>> results;
    private final CompletableFuture<List<Result>> all;

    private Gathering(Engine engine, List<Submission> tasks) {
        this.tasks = tasks;
        this.handles = tasks.stream().map(engine::start).toList();
        this.results = handles.stream()
                .map(handle -> handle.result().toCompletableFuture())
                .toList();
        this.all = results.getFirst().newIncompleteFuture(); // so it belongs to the caller's slot
    }

    static CompletionStage<List<Result>> of(Engine engine, List<Submission> tasks, Duration timeout) {
        if (tasks.isEmpty()) {
            return CompletableFuture.completedStage(List.of());
        }
        var gathering = new Gathering(engine, tasks);
        long timer = engine.alarm(timeout, gathering::end);
        var _ = CompletableFuture.allOf(gathering.results.toArray(CompletableFuture[]::new))
                .thenRun(() -> {
                    engine.cancel(timer);
                    gathering.end();
                });
        return gathering.all;
    }

    private void end() {
        all.complete(IntStream.range(0, tasks.size()).mapToObj(this::result).toList());
    }

    private Result result(int index) {
        return results.get(index)
                .getNow(new Result.TimedOut(
                        handles.get(index).id(), tasks.get(index).options().context()));
    }
}
