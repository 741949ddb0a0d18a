package dev.shunt.task;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Tasks that were submitted together. */
public record TaskBatch(List<TaskHandle> tasks) {

    public TaskBatch {
        tasks = List.copyOf(tasks);
    }

    /** Completes when all have ended, with their results in their order; otherwise as {@link TaskHandle#result}. */
    public CompletionStage<List<Result>> results() {
        if (tasks.isEmpty()) {
            return CompletableFuture.completedStage(List.of());
        }
        var ended =
                tasks.stream().map(task -> task.result().toCompletableFuture()).toList();
        CompletableFuture<List<Result>> all = ended.getFirst().newIncompleteFuture(); // so it belongs to their slot
        var _ = CompletableFuture.allOf(ended.toArray(CompletableFuture[]::new))
                .thenRun(() ->
                        all.complete(ended.stream().map(CompletableFuture::join).toList()));
        return all;
    }

    /** Cancels those that have not ended. */
    public void cancel() {
        tasks.forEach(TaskHandle::cancel);
    }
}
