package dev.shunt.sqlite;

import dev.shunt.task.DeadTask;
import dev.shunt.task.Durability;
import dev.shunt.task.StoredTask;
import dev.shunt.task.TaskLog.Entry;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What waits for the writer. */
sealed interface Request {

    /** Whether it must be on the disk before it is told. */
    boolean synced();

    /** How much of the bound on a transaction it takes. */
    long bytes();

    void tell(@Nullable IOException failure);

    /** An entry whose payload is encoded, and whom to tell. */
    record Append(Entry entry, Durability durability, Consumer<@Nullable IOException> done) implements Request {

        /** @throws IllegalArgumentException if the payload or the context cannot be encoded; names its type */
        static Append of(Entry entry, Durability durability, Consumer<@Nullable IOException> done) {
            var encoded = switch (entry) {
                case Entry.Accepted(var task) -> new Entry.Accepted(encoded(task));
                case Entry.Died(var dead) ->
                    new Entry.Died(
                            new DeadTask(encoded(dead.task()), dead.outcome(), dead.reason(), dead.diedAtMillis()));
                case Entry.Retried _, Entry.Begun _, Entry.Settled _, Entry.Revived _, Entry.Discarded _ -> entry;
            };
            return new Append(encoded, durability, done);
        }

        private static StoredTask encoded(StoredTask task) {
            var options = task.options();
            return new StoredTask(
                    task.id(),
                    task.type(),
                    task.data().encoded(),
                    options.context().isEmpty()
                            ? options
                            : options.context(options.context().encoded()),
                    task.source(),
                    task.acceptedAtMillis(),
                    task.attempts(),
                    task.dueAtMillis());
        }

        @Override
        public boolean synced() {
            return durability == Durability.SYNC;
        }

        @Override
        public long bytes() {
            return switch (entry) {
                case Entry.Accepted(var task) -> task.data().bytes().length;
                case Entry.Died(var dead) -> dead.task().data().bytes().length;
                case Entry.Retried _, Entry.Begun _, Entry.Settled _, Entry.Revived _, Entry.Discarded _ -> 0;
            };
        }

        @Override
        public void tell(@Nullable IOException failure) {
            done.accept(failure);
        }
    }

    /** Numbers, and who waits for the first of them: it is known before it may be told. */
    final class Reserve implements Request {

        final int count;
        final CompletableFuture<Long> result = new CompletableFuture<>();
        private long first;

        Reserve(int count) {
            this.count = count;
        }

        void found(long number) {
            first = number;
        }

        @Override
        public boolean synced() {
            return true; // a number given twice would mix up two tasks
        }

        @Override
        public long bytes() {
            return 0;
        }

        @Override
        public void tell(@Nullable IOException failure) {
            if (failure == null) {
                result.complete(first);
            } else {
                result.completeExceptionally(failure);
            }
        }
    }
}
