package dev.shunt.engine.manager;

import dev.shunt.control.Inspection;
import dev.shunt.control.Measures.Times;
import dev.shunt.task.Outcome;
import java.util.Arrays;
import java.util.Objects;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/** How many tasks of a group there were, by type, how they ended and how long they took. Lives on the main loop. */
final class TaskCounts {

    /** All further types are counted as one. */
    static final int MAX_TYPES = 200;

    static final String OTHERS = "other";

    /** By the type's number, from that of none on. */
    private @Nullable OfType[] types = new @Nullable OfType[1];

    /** Of the tasks of one type. */
    @SuppressWarnings("EnumOrdinal") // a counter per outcome
    static final class OfType {

        private final long[] ended = new long[Outcome.values().length];
        private final Latencies wait = new Latencies();
        private final @Nullable Latencies[] runs = new Latencies[Outcome.values().length];
        private final Latencies total = new Latencies();
        private long submitted;
        private long recovered;
        private long retried;

        private long ended(Outcome outcome) {
            return ended[outcome.ordinal()];
        }

        Inspection.Ended ended() {
            return new Inspection.Ended(
                    ended(Outcome.DONE) + ended(Outcome.ANSWERED),
                    ended(Outcome.FAILED),
                    ended(Outcome.LOST),
                    ended(Outcome.TIMED_OUT),
                    ended(Outcome.CANCELLED),
                    ended(Outcome.REJECTED));
        }

        /** Taken in, and not ended. */
        long open() {
            long over = 0;
            for (long count : ended) {
                over += count;
            }
            return Math.max(0, submitted + recovered - over);
        }

        long submitted() {
            return submitted;
        }

        long retried() {
            return retried;
        }

        Latencies waited() {
            return wait;
        }

        /** However they ended. */
        Inspection.Latency ran() {
            return Latencies.seen(runs);
        }

        /** Of attempts that ended so. */
        Times ran(Outcome outcome) {
            var times = runs[outcome.ordinal()];
            return times == null ? Times.NONE : times.times();
        }

        private Latencies run(Outcome outcome) {
            var known = runs[outcome.ordinal()];
            if (known == null) {
                known = new Latencies();
                runs[outcome.ordinal()] = known;
            }
            return known;
        }

        Latencies total() {
            return total;
        }
    }

    private OfType of(TaskItem task) {
        int index = Math.min(task.task().type() + 1, MAX_TYPES);
        OfType known = index < types.length ? types[index] : null;
        return known == null ? first(index) : known;
    }

    private OfType first(int index) {
        if (index >= types.length) {
            types = Arrays.copyOf(types, index + 1);
        }
        var first = new OfType();
        types[index] = first;
        return first;
    }

    /** Of the type of that number, -1 for none; null if there was no task of it. */
    @Nullable OfType ofType(int type) {
        int index = Math.min(type + 1, MAX_TYPES);
        return index < types.length ? types[index] : null;
    }

    void countSubmitted(TaskItem task) {
        of(task).submitted++;
    }

    /** An earlier run has accepted it. */
    void countRecovered(TaskItem task) {
        of(task).recovered++;
    }

    void countRetried(TaskItem task) {
        of(task).retried++;
    }

    /**
     * An attempt has run to its end.
     *
     * @param nowNanos at its end, or a moment later
     */
    void countRun(TaskItem task, int attempt, Outcome outcome, long runNanos, long nowNanos) {
        var type = of(task);
        type.run(outcome).add(runNanos);
        if (attempt == 1) {
            type.wait.add(nowNanos - runNanos - task.dueNanos());
        }
    }

    @SuppressWarnings("EnumOrdinal") // a counter per outcome
    void countEnded(TaskItem task, Outcome outcome, long nowNanos) {
        var type = of(task);
        type.ended[outcome.ordinal()]++;
        if (outcome != Outcome.REJECTED) {
            type.total.add(nowNanos - task.acceptedNanos());
        }
    }

    long submitted() {
        return sum(OfType::submitted);
    }

    long ended(Outcome outcome) {
        return sum(type -> type.ended(outcome));
    }

    private long sum(ToLongFunction<OfType> count) {
        return Arrays.stream(types).filter(Objects::nonNull).mapToLong(count).sum();
    }
}
