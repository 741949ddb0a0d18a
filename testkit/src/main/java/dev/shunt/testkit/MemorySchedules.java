package dev.shunt.testkit;

import dev.shunt.task.TaskQueue.Answer;
import dev.shunt.task.TaskQueue.Occurrence;
import dev.shunt.time.Clock;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** Which node submits the task of a schedule in a {@link MemoryTaskQueue}. Under the queue's lock. */
final class MemorySchedules {

    private final Clock clock;
    private final Map<Occurrence, Integer> nodes = new LinkedHashMap<>();
    private final Set<Occurrence> submitted = new HashSet<>();

    MemorySchedules(Clock clock) {
        this.clock = clock;
    }

    Answer due(Occurrence asked, int node) {
        long now = clock.epochMillis();
        if (asked.everyMillis() > 0) {
            long due = now / asked.everyMillis() * asked.everyMillis();
            long next = TimeUnit.MILLISECONDS.toNanos(due + asked.everyMillis() - now + 1);
            var occurrence = new Occurrence(asked.schedule(), due, 0);
            return new Answer.Fires(nodes.putIfAbsent(occurrence, node) == null ? occurrence : null, next);
        }
        if (asked.dueMillis() > now) {
            return new Answer.Fires(null, TimeUnit.MILLISECONDS.toNanos(asked.dueMillis() - now));
        }
        return new Answer.Fires(nodes.putIfAbsent(asked, node) == null ? asked : null, 0);
    }

    void submitted(Occurrence occurrence) {
        submitted.add(new Occurrence(occurrence.schedule(), occurrence.dueMillis(), 0));
    }

    /** What a node that is gone was to submit is another's; returns it. */
    List<Occurrence> handOver(int from, int to) {
        var left = nodes.keySet().stream()
                .filter(occurrence -> nodes.get(occurrence) == from && !submitted.contains(occurrence))
                .toList();
        left.forEach(occurrence -> nodes.put(occurrence, to));
        return left;
    }
}
