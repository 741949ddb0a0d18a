package dev.shunt.calls;

import dev.shunt.engine.Engine;
import dev.shunt.task.Result;
import dev.shunt.task.Submission;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Results that are waited for together, without a thread that waits; safe for use by any thread. */
final class Gathering {

    private final CompletableFuture<List<Result>> all = new CompletableFuture<>();
    private final List<Submission> tasks;
    private final long[] ids;
    private final @Nullable Result[] results;
    private int missing;

    private Gathering(List<Submission> tasks) {
        this.tasks = tasks;
        this.ids = new long[tasks.size()];
        this.results = new Result[tasks.size()];
        this.missing = tasks.size();
    }

    static CompletionStage<List<Result>> of(Engine engine, List<Submission> tasks, Duration timeout) {
        if (tasks.isEmpty()) {
            return CompletableFuture.completedStage(List.of());
        }
        var gathering = new Gathering(tasks);
        for (int i = 0; i < tasks.size(); i++) {
            int index = i;
            long id = engine.submit(tasks.get(i), result -> gathering.ended(index, result));
            gathering.submitted(index, id);
        }
        long timer = engine.schedule(timeout, false, gathering::giveUp);
        var _ = gathering.all.thenRun(() -> engine.cancel(timer));
        return gathering.all.minimalCompletionStage();
    }

    private synchronized void submitted(int index, long id) {
        ids[index] = id;
    }

    private void ended(int index, Result result) {
        boolean last;
        synchronized (this) {
            results[index] = result;
            last = --missing == 0;
        }
        if (last) {
            giveUp();
        }
    }

    private void giveUp() {
        all.complete(IntStream.range(0, tasks.size()).mapToObj(this::result).toList());
    }

    private synchronized Result result(int index) {
        Result result = results[index];
        return result == null
                ? new Result.TimedOut(ids[index], tasks.get(index).options().context())
                : result;
    }
}
