package dev.shunt.engine;

import dev.shunt.ipc.Frame.Outcome;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/** How many tasks there were and how they ended. Written on the main loop, read anywhere. */
final class TaskCounts {

    private final LongAdder submitted = new LongAdder();
    private final LongAdder died = new LongAdder();
    private final Map<Outcome, LongAdder> ended = new EnumMap<>(Outcome.class);

    TaskCounts() {
        for (var outcome : Outcome.values()) {
            ended.put(outcome, new LongAdder());
        }
    }

    void countSubmitted() {
        submitted.increment();
    }

    void countDead() {
        died.increment();
    }

    void countEnded(Outcome outcome) {
        ended.getOrDefault(outcome, died).increment();
    }

    long submitted() {
        return submitted.sum();
    }

    /** That became dead letters. */
    long died() {
        return died.sum();
    }

    long ended(Outcome outcome) {
        return ended.getOrDefault(outcome, died).sum();
    }
}
