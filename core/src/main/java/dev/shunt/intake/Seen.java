package dev.shunt.intake;

import java.util.Collection;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What one sees from outside of the tasks that wait in an intake. For its owner, between two of its steps. */
public final class Seen<T extends Submitted> {

    /** What a task waits for that has not entered. */
    public enum Waits {
        FOR_ROOM,
        FOR_ITS_TIME,
        FOR_ITS_TURN
    }

    /** Told of one. */
    public interface Each<T> {

        /** @param cancel ends it soon */
        void found(T task, Waits waits, Runnable cancel);
    }

    /** What waits for its turn under a key. */
    interface Keys<T extends Submitted> {

        /** Those that wait for their turn, and others that have a place: a line for each key. */
        List<Collection<Pending<T>>> lines();

        /** A task has this unique key. */
        boolean isTaken(String uniqueKey);
    }

    private final Consumer<Pending<T>> cancel;
    private final Map<Long, Pending<T>> known;
    private final WaitingRoom<T> waiting;
    private final Times<T> times;
    private final Keys<T> turns;

    /** @param cancel ends one soon */
    Seen(
            Consumer<Pending<T>> cancel,
            Map<Long, Pending<T>> known,
            WaitingRoom<T> waiting,
            Times<T> times,
            Keys<T> turns) {
        this.cancel = cancel;
        this.known = known;
        this.waiting = waiting;
        this.times = times;
        this.turns = turns;
    }

    /** As {@link Intake#cancel}, whoever asked for it; false if it has entered, or has to be looked for by a walk. */
    public boolean cancel(long taskId) {
        var pending = known.get(taskId);
        boolean waits = pending != null && pending.state().waits();
        if (waits) {
            cancel.accept(pending);
        }
        return waits;
    }

    /** A task of it has not ended, here or where they have entered. */
    public boolean isUniqueKeyTaken(String key) {
        return turns.isTaken(key);
    }

    /**
     * A way through what has not been let in and is in memory, in several steps of the intake's owner. Tasks that come or go
     * between them may be missed, or be found twice.
     */
    public final class Walk {

        private final Iterator<Supplier<List<? extends Collection<Pending<T>>>>> kinds =
                List.<Supplier<List<? extends Collection<Pending<T>>>>>of(
                                () -> List.of(waiting.all()), () -> List.of(times.notDue()), turns::lines)
                        .iterator();

        private Iterator<? extends Collection<Pending<T>>> lines = Collections.emptyIterator();
        private Iterator<Pending<T>> line = Collections.emptyIterator();

        private Walk() {}

        /** At most so many; false when there are no more. */
        public boolean next(int atMost, Each<T> each) {
            for (int i = 0; i < atMost; i++) {
                if (line.hasNext()) {
                    tell(line.next(), each);
                } else if (lines.hasNext()) {
                    line = List.copyOf(lines.next()).iterator();
                } else if (kinds.hasNext()) {
                    lines = kinds.next().get().iterator();
                    return true; // that was a step's work
                } else {
                    return false;
                }
            }
            return true;
        }

        private void tell(Pending<T> pending, Each<T> each) {
            var waits = waits(pending);
            if (waits != null) {
                each.found(pending.task(), waits, () -> cancel.accept(pending));
            }
        }
    }

    private @Nullable Waits waits(Pending<T> pending) {
        return switch (pending.state()) {
            case WAITS_FOR_ROOM -> Waits.FOR_ROOM;
            case HELD -> Waits.FOR_ITS_TURN;
            case ENTERED, OVER -> null;
            case ARRIVED, STORING, SPILLING, SPILLED, FETCHING, NOT_DUE ->
                pending.atItsTime == null ? null : Waits.FOR_ITS_TIME;
        };
    }

    public Walk walk() {
        return new Walk();
    }
}
