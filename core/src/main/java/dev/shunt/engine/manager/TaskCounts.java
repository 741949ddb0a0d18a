package dev.shunt.engine.manager;

import dev.shunt.task.Outcome;

/** How many tasks there were and how they ended. Lives on the main loop. */
@SuppressWarnings("EnumOrdinal") // a counter per outcome
final class TaskCounts {

    private final long[] ended = new long[Outcome.values().length];
    private long submitted;

    void countSubmitted() {
        submitted++;
    }

    void countEnded(Outcome outcome) {
        ended[outcome.ordinal()]++;
    }

    long submitted() {
        return submitted;
    }

    long ended(Outcome outcome) {
        return ended[outcome.ordinal()];
    }
}
