package dev.shunt.intake;

import dev.shunt.intake.Alarms.Alarm;
import dev.shunt.task.StoredTask;
import dev.shunt.task.Unique;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One task that may not run yet, and where it stands. Made by {@link Intake} and changed by it alone.
 *
 * @param <T> what is attached to it
 */
final class Pending<T extends Submitted> {

    /** What a task waits for. */
    enum State {
        /** It is being looked at. */
        ARRIVED,
        /** Too many wait already, and so does its caller. */
        WAITS_FOR_ROOM,
        /** The store has been given it, because it is durable. */
        STORING,
        /** The store has been given it, because there is no room for it. */
        SPILLING,
        /** The store has it alone, until there is room. */
        SPILLED,
        /** It is being read out of the store. */
        FETCHING,
        /** Its time has not come. */
        NOT_DUE,
        /** It is not its turn: others of its ordering key are before it. */
        HELD,
        /** It is dispatch's. */
        ENTERED,
        /** It is over, or left to the store. */
        OVER;

        /** Whether a task in this state waits for something that the intake sees to. */
        boolean waits() {
            return switch (this) {
                case ARRIVED, ENTERED, OVER -> false;
                case WAITS_FOR_ROOM, STORING, SPILLING, SPILLED, FETCHING, NOT_DUE, HELD -> true;
            };
        }

        /** The diagram of {@link Intake}; each may be {@link #OVER} next. */
        private boolean precedes(State next) {
            return switch (next) {
                case ARRIVED -> false;
                case WAITS_FOR_ROOM, SPILLING -> this == ARRIVED;
                case STORING -> this == ARRIVED || this == WAITS_FOR_ROOM;
                case SPILLED -> this == ARRIVED || this == SPILLING || this == FETCHING;
                case FETCHING -> this == SPILLED;
                case NOT_DUE -> this == ARRIVED || this == WAITS_FOR_ROOM || this == STORING || this == FETCHING;
                case HELD -> this == NOT_DUE || NOT_DUE.follows(this);
                case ENTERED -> this == HELD || this == NOT_DUE || NOT_DUE.follows(this);
                case OVER -> this != OVER;
            };
        }

        private boolean follows(State before) {
            return before.precedes(this);
        }
    }

    /** Its ordering key. */
    final @Nullable String key;

    final @Nullable Unique unique;

    private State state = State.ARRIVED;
    private T task;

    /** The store has it. */
    boolean inLog;

    /** An earlier run accepted it: its turn was before all of this run. */
    boolean first;

    /** Of {@link Room}: it is stored first, and waits for its time or its turn then. */
    boolean aside;

    /** Of {@link Room}: it is not due, and the store has it alone. */
    boolean later;

    /** Of {@link UniqueClaims}: whatever had its key before it is cancelled. */
    boolean replaced;

    /** Why it is to end as soon as it can be. */
    @Nullable NotEntered ends;

    /** Called when it no longer waits for room. */
    @Nullable Runnable taken;

    /** Ends it where it has entered. */
    @Nullable Runnable cancel;

    @Nullable Alarm deadline;

    @Nullable Alarm due;

    /** That it takes in memory when it is fetched, if the store has it alone. */
    int wholeSize;

    /** What happens when it is due. */
    @Nullable Runnable atItsTime;

    /** Of its payload, if that was fetched. */
    int bytes;

    private int attempts;
    private long dueNanos;

    /** If the store has it alone: epoch milliseconds. */
    private long dueAtMillis;

    Pending(T task) {
        this.task = task;
        this.key = task.options().orderingKey().orElse(null);
        this.unique = task.options().unique().orElse(null);
    }

    /** Nothing but want of room keeps it from entering at once, and nobody asks for it by its id; as nearly all. */
    static boolean isPlain(Submitted task) {
        var options = task.options();
        boolean waits = !options.isPlain()
                && (options.orderingKey().isPresent()
                        || options.unique().isPresent()
                        || options.at().isPresent()
                        || !options.delay().isZero());
        return !waits && !task.stored() && !task.cancellable();
    }

    State state() {
        return state;
    }

    T task() {
        return task;
    }

    /** That it takes in memory. */
    int size() {
        return task.bytes();
    }

    @Nullable String uniqueKey() {
        return unique == null ? null : unique.key();
    }

    /** Why it does not enter, if another one has its unique key. */
    NotEntered keyTaken() {
        return new NotEntered.KeyTaken(Objects.requireNonNull(uniqueKey()));
    }

    int attempts() {
        return attempts;
    }

    /** When the next attempt is due, if there was one: by the monotonic clock; what the options say counts as well. */
    long dueNanos() {
        return dueNanos;
    }

    /** When it is to be fetched again, if the store has it alone: epoch milliseconds. */
    long dueAtMillis() {
        return dueAtMillis;
    }

    State moveTo(State next) {
        if (!state.precedes(next)) {
            throw new IllegalStateException("task " + task.id() + " was " + state + " and cannot become " + next);
        }
        State before = state;
        state = next;
        return before;
    }

    /** For as long as the store has it alone. */
    void shrinks(T withoutPayload, long dueAt) {
        wholeSize = size();
        task = withoutPayload;
        dueAtMillis = dueAt;
    }

    void restored(T withPayload, StoredTask stored, long nextDueNanos) {
        task = withPayload;
        inLog = true;
        attempts = stored.attempts();
        dueNanos = nextDueNanos;
    }

    @Override
    public String toString() {
        return "task " + task.id() + ' ' + state;
    }
}
