package dev.shunt.testkit;

import dev.shunt.task.DeadTask;
import dev.shunt.task.Outcome;
import dev.shunt.task.StoredTask;
import dev.shunt.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/** Dead letters of a {@link MemoryTaskQueue}. Under the queue's lock. */
final class MemoryLetters {

    private final Clock clock;
    private final TreeMap<Long, DeadTask> letters = new TreeMap<>();

    MemoryLetters(Clock clock) {
        this.clock = clock;
    }

    void add(MemoryRow row, Outcome outcome, int attempts, String reason) {
        var task = row.task;
        var stored = new StoredTask(
                task.id(), task.type(), task.data(), task.options(), task.source(), row.acceptedMillis, attempts, 0);
        letters.put(task.id(), new DeadTask(stored, outcome.name(), reason, clock.epochMillis()));
    }

    boolean remove(long id) {
        return letters.remove(id) != null;
    }

    Optional<DeadTask> of(long id) {
        return Optional.ofNullable(letters.get(id));
    }

    List<DeadTask> after(long id, int limit, long maxBytes) {
        return DeadTask.first(letters.tailMap(id, false).values(), limit, maxBytes);
    }

    int size() {
        return letters.size();
    }
}
