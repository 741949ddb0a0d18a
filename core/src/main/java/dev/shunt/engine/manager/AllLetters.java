package dev.shunt.engine.manager;

import dev.shunt.data.Codec;
import dev.shunt.task.DeadTask;
import java.io.IOException;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BiConsumer;
import java.util.stream.Stream;

/**
 * Dead letters of this program's log, and if nodes share tasks those of all nodes.
 *
 * @param own of the log; with a queue that nodes share, of tasks in memory
 */
record AllLetters(DeadLetters own, Journal journal, Codec codec, Optional<Sharing> sharing) {

    /** In the order of their ids. */
    CompletionStage<List<DeadTask>> list(long afterId, int limit) {
        return journal.readElsewhere(log -> {
            var own = log.deadTasks(afterId, limit, DeadPages.MAX_LIST_BYTES);
            var all = sharing.isEmpty() ? own : merged(own, sharing.get(), afterId, limit);
            return all.stream().map(letter -> letter.with(codec)).toList();
        });
    }

    private static List<DeadTask> merged(List<DeadTask> own, Sharing sharing, long afterId, int limit)
            throws IOException {
        var shared = sharing.queue().deadTasks(afterId, limit, DeadPages.MAX_LIST_BYTES);
        var all = Stream.concat(own.stream(), shared.stream())
                .sorted(Comparator.comparingLong(DeadTask::id))
                .toList();
        return DeadTask.first(all, limit, DeadPages.MAX_LIST_BYTES);
    }

    /** On the main loop. */
    void rerun(long taskId, CompletableFuture<Boolean> answer) {
        either(own::rerun, Sharing::rerun, taskId, answer);
    }

    /** On the main loop. */
    void discard(long taskId, CompletableFuture<Boolean> answer) {
        either(own::discard, Sharing::discard, taskId, answer);
    }

    private interface OfShared {
        void ask(Sharing sharing, long taskId, CompletableFuture<Boolean> answer);
    }

    private void either(
            BiConsumer<Long, CompletableFuture<Boolean>> first,
            OfShared second,
            long taskId,
            CompletableFuture<Boolean> answer) {
        if (sharing.isEmpty()) {
            first.accept(taskId, answer);
            return;
        }
        var found = new CompletableFuture<Boolean>();
        var _ = found.whenComplete((there, problem) -> {
            if (problem != null) {
                answer.completeExceptionally(problem);
            } else if (there) {
                answer.complete(true);
            } else {
                second.ask(sharing.get(), taskId, answer);
            }
        });
        first.accept(taskId, found);
    }
}
