package dev.shunt.task;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Tasks that were submitted together. */
public record TaskBatch(List<TaskHandle> tasks) {

    public TaskBatch {
        tasks = List.copyOf(tasks);
    }

    /** Completes when all have ended, on the slot that submitted them, with their results in their order. */
    public CompletionStage<List<Result>> results() {
        var ended =
                tasks.stream().map(task -> task.result().toCompletableFuture()).toList();
        return CompletableFuture.allOf(ended.toArray(CompletableFuture[]::new))
                .thenApply(_ -> ended.stream().map(CompletableFuture::join).toList());
    }

    /** Cancels those that have not ended. */
    public void cancel() {
        tasks.forEach(TaskHandle::cancel);
    }
}
