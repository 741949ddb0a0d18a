package dev.shunt.engine.manager;

import dev.shunt.task.Outcome;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.LongAdder;

/** How many tasks there were and how they ended. Written on the main loop, read anywhere. */
final class TaskCounts {

    private final LongAdder submitted = new LongAdder();
    private final Map<Outcome, LongAdder> ended = new EnumMap<>(Outcome.class);

    TaskCounts() {
        for (var outcome : Outcome.values()) {
            ended.put(outcome, new LongAdder());
        }
    }

    void countSubmitted() {
        submitted.increment();
    }

    void countEnded(Outcome outcome) {
        Objects.requireNonNull(ended.get(outcome)).increment();
    }

    long submitted() {
        return submitted.sum();
    }

    long ended(Outcome outcome) {
        return Objects.requireNonNull(ended.get(outcome)).sum();
    }
}
