package dev.shunt.testkit;

import dev.shunt.task.TaskQueue.Answer;
import dev.shunt.task.TaskQueue.Occurrence;
import dev.shunt.time.Clock;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** Which node submits the task of a schedule in a {@link MemoryTaskQueue}. Under the queue's lock. */
final class MemorySchedules {

    private final Clock clock;
    private final Map<Time, Integer> nodes = new LinkedHashMap<>();
    private final Set<Time> submitted = new HashSet<>();
    private final Map<String, Long> first = new HashMap<>();
    private final Map<String, Long> last = new HashMap<>();

    private record Time(String schedule, long dueMillis) {}

    MemorySchedules(Clock clock) {
        this.clock = clock;
    }

    Answer due(Occurrence asked, int node) {
        long now = clock.epochMillis();
        return asked.everyMillis() > 0 ? interval(asked, node, now) : time(asked, node, now);
    }

    private Answer time(Occurrence asked, int node, long now) {
        if (asked.dueMillis() > now) {
            return new Answer.Fires(null, TimeUnit.MILLISECONDS.toNanos(asked.dueMillis() - now));
        }
        Long first = this.first.get(asked.schedule());
        boolean old = now - asked.dueMillis() > Occurrence.MISSED.toMillis()
                || (asked.missed() && (first == null || first >= asked.dueMillis()));
        return new Answer.Fires(!old && take(asked.schedule(), asked.dueMillis(), node) ? asked : null, 0);
    }

    private Answer interval(Occurrence asked, int node, long now) {
        long every = asked.everyMillis();
        long due = now / every * every;
        long next = TimeUnit.MILLISECONDS.toNanos(due + every - now + 1);
        Long last = this.last.get(asked.schedule());
        if (last == null) { // it is new: its first time is the next one
            take(asked.schedule(), due, node);
            submit(new Occurrence(asked.schedule(), due, 0, false), node);
            return new Answer.Fires(null, next);
        }
        long most = asked.missed() ? Math.min(Occurrence.MOST_MISSED, 1 + Occurrence.MISSED.toMillis() / every) : 1;
        long count = Math.max(1, due / every - last / every); // 1 where the clock has been set back
        for (long before = Math.min(count, most) - 1; before >= 0; before--) {
            long millis = due - before * every;
            if (now - millis <= Occurrence.MISSED.toMillis() && take(asked.schedule(), millis, node)) {
                return new Answer.Fires(new Occurrence(asked.schedule(), millis, 0, before > 0), before > 0 ? 1 : next);
            }
        }
        return new Answer.Fires(null, next);
    }

    private boolean take(String schedule, long dueMillis, int node) {
        first.putIfAbsent(schedule, dueMillis);
        last.merge(schedule, dueMillis, Math::max);
        return nodes.putIfAbsent(new Time(schedule, dueMillis), node) == null;
    }

    /** False if that is another node's, or has been done. */
    boolean submit(Occurrence occurrence, int node) {
        var time = new Time(occurrence.schedule(), occurrence.dueMillis());
        return Objects.equals(nodes.get(time), node) && submitted.add(time);
    }

    /** What a node that is gone was to submit is another's; returns it. */
    List<Occurrence> handOver(int from, int to) {
        var left = nodes.entrySet().stream()
                .filter(entry -> entry.getValue() == from && !submitted.contains(entry.getKey()))
                .map(Map.Entry::getKey)
                .toList();
        left.forEach(time -> nodes.put(time, to));
        return left.stream()
                .map(time -> new Occurrence(time.schedule(), time.dueMillis(), 0, true))
                .toList();
    }
}
