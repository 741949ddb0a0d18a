package dev.shunt.engine.manager;

import dev.shunt.engine.slots.Settlement;
import dev.shunt.plan.TaskTypes;
import dev.shunt.plan.TaskTypes.Route;
import dev.shunt.task.DeadTask;
import dev.shunt.task.Durability;
import dev.shunt.task.StoredTask;
import dev.shunt.task.TaskLog.Entry;
import dev.shunt.task.Unique.Policy;
import dev.shunt.task.UnreadableTaskException;
import dev.shunt.time.Clock;
import java.io.IOException;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiPredicate;
import java.util.function.Consumer;

/**
 * Which tasks become dead letters, and what is done with those that the log keeps: run again or discarded, one thing at a
 * time with each. Lives on the main loop.
 */
final class DeadLetters {

    private final TaskTypes types;
    private final Journal journal;
    private final Clock clock;
    private final BiPredicate<Route, String> isKeyTaken;
    private final Consumer<StoredTask> again;

    /** What is being run again or discarded. */
    private final Set<Long> inHand = new HashSet<>();

    /** Unique keys of what is on its way to run again. */
    private final Set<Key> keys = new HashSet<>();

    private long count;

    private record Key(int group, String unique) {}

    /**
     * @param isKeyTaken whether a task where letters of a type go has that unique key
     * @param again takes a letter that has become a task again
     */
    DeadLetters(
            TaskTypes types,
            Journal journal,
            Clock clock,
            BiPredicate<Route, String> isKeyTaken,
            Consumer<StoredTask> again) {
        this.types = types;
        this.journal = journal;
        this.clock = clock;
        this.isKeyTaken = isKeyTaken;
        this.again = again;
        recount();
    }

    /** How many are kept. */
    long count() {
        return count;
    }

    /** One more, or one less: the log knows, which may have let others go for it. */
    void recount() {
        journal.deadCount().ifPresent(now -> count = now);
    }

    /** Whether a task that ends so is kept as a letter. */
    static boolean keep(TaskItem task, Settlement settlement) {
        return task.options().keptWhenDead()
                && switch (settlement.outcome()) {
                    case FAILED, LOST, TIMED_OUT -> true;
                    case REJECTED -> task.recovered(); // it was accepted long ago, or is a letter
                    case DONE, ANSWERED, CANCELLED -> false;
                };
    }

    Entry.Died letter(StoredTask task, Settlement settlement) {
        return new Entry.Died(
                new DeadTask(task, settlement.outcome().name(), settlement.reason(), clock.epochMillis()));
    }

    /** Runs one again from its first attempt; its result goes where results go whose caller is gone. */
    void rerun(long taskId, CompletableFuture<Boolean> answer) {
        take(
                taskId,
                answer,
                () -> read(taskId, answer, letter -> rerun(letter, answer), answer::completeExceptionally));
    }

    /** Also one that cannot be read. */
    void discard(long taskId, CompletableFuture<Boolean> answer) {
        Runnable forget = () -> append(new Entry.Discarded(taskId), answer, () -> {});
        take(
                taskId,
                answer,
                () -> read(taskId, answer, _ -> forget.run(), problem -> {
                    if (problem instanceof UnreadableTaskException) {
                        forget.run();
                    } else {
                        answer.completeExceptionally(problem);
                    }
                }));
    }

    /** Of two that want to do something with it, the second finds none. */
    private void take(long taskId, CompletableFuture<Boolean> answer, Runnable action) {
        if (inHand.add(taskId)) {
            var _ = answer.whenComplete((_, _) -> inHand.remove(taskId));
            action.run();
        } else {
            answer.complete(false);
        }
    }

    private void read(
            long taskId, CompletableFuture<Boolean> answer, Consumer<DeadTask> then, Consumer<IOException> otherwise) {
        journal.read(log -> log.dead(taskId))
                .then(letter -> letter.ifPresentOrElse(then, () -> answer.complete(false)), otherwise);
    }

    private void rerun(DeadTask letter, CompletableFuture<Boolean> answer) {
        long now = clock.epochMillis();
        var route = types.route(letter.task().type());
        if (route.isEmpty()) {
            answer.completeExceptionally(new IllegalStateException("task " + letter.id() + " is of type '"
                    + letter.task().type() + "', for which this program has no handler; it stays a dead letter"));
            return;
        }
        var taken = takenKey(letter);
        if (taken.isPresent()) {
            answer.completeExceptionally(taken.get());
            return;
        }
        var key = key(letter.task(), route.get());
        key.ifPresent(keys::add);
        append(new Entry.Revived(letter.id(), now), answer, () -> {
            key.ifPresent(keys::remove);
            again.accept(letter.task().revived(now));
        });
        var _ = answer.exceptionally(_ -> {
            key.ifPresent(keys::remove);
            return false;
        });
    }

    /** Why a letter could not run now: it would be dropped for another task that has its unique key. */
    Optional<IllegalStateException> takenKey(DeadTask letter) {
        return types.route(letter.task().type())
                .flatMap(route -> key(letter.task(), route)
                        .filter(key -> keys.contains(key) || isKeyTaken.test(route, key.unique())))
                .map(key -> new IllegalStateException("task " + letter.id() + " has the unique key '" + key.unique()
                        + "', and so has one that is not over yet; it stays a dead letter"));
    }

    private static Optional<Key> key(StoredTask task, Route route) {
        return task.options()
                .unique()
                .filter(unique -> unique.policy() == Policy.DROP)
                .map(unique -> new Key(route.group(), unique.key()));
    }

    private void append(Entry entry, CompletableFuture<Boolean> answer, Runnable then) {
        journal.append(entry, Durability.DISK)
                .then(
                        _ -> {
                            recount();
                            answer.complete(true);
                            then.run();
                        },
                        answer::completeExceptionally);
    }
}
