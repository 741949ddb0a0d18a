package dev.shunt.control;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What an action did: of {@code matched} things that it was about, so many are otherwise now. */
public sealed interface Done {

    /** Of {@link Letters}. */
    int MAX_PROBLEMS = 100;

    long matched();

    long done();

    /** Of an action that has nothing else to say. */
    record Counted(long matched, long done) implements Done {}

    /**
     * Dead letters that run again, or are forgotten.
     *
     * @param problems of at most {@link #MAX_PROBLEMS} that could not be; null if there were none
     * @param stopped null if it went on to the end
     */
    record Letters(
            long matched,
            long done,
            @Nullable List<Problem> problems,
            @Nullable Boolean stopped) implements Done {}

    /** One that could not be done. */
    record Problem(long id, String error) {}

    /** What is done with dead letters has begun, and is not waited for. */
    record Begun(long matched, long done, long job) implements Done {}

    /**
     * A task that is not wanted any more.
     *
     * @param state {@link #CANCELLED}: it had not started, and does not; {@link #INTERRUPTED}: it runs, and has been
     *     interrupted; {@link #TOLD}: another node has it, and is told
     * @param pid of the process in which it runs
     * @param graceSeconds after which that process is replaced, if the task has not ended by then; null where it cannot be,
     *     because it is the manager's own
     */
    record Cancelled(
            long matched,
            long done,
            String state,
            @Nullable Long pid,
            @Nullable Integer slot,
            @Nullable Double graceSeconds) implements Done {

        public static final String CANCELLED = "cancelled";
        public static final String INTERRUPTED = "interrupted";
        public static final String TOLD = "told";
    }

    /** @param id of the task that a dead letter has become */
    record Edited(long matched, long done, long id) implements Done {}

    /** A group as it is now. */
    record OfGroup(long matched, long done, String group, boolean paused, boolean draining) implements Done {}

    /**
     * A group as it is to be.
     *
     * @param children null if its slots are threads of the manager
     * @param slots in all
     */
    record Resized(
            long matched,
            long done,
            String group,
            @Nullable Integer children,
            int slots) implements Done {}

    /** A type as it is now. */
    record OfType(long matched, long done, String type, boolean paused) implements Done {}

    /** A schedule as it is now. */
    record OfSchedule(
            long matched, long done, String schedule, boolean paused, @Nullable Instant next) implements Done {}

    /** @param id of the task that a schedule has submitted */
    record Ran(long matched, long done, String schedule, @Nullable Instant next, long id) implements Done {}

    /** @param places whose children are to be replaced, one after the other */
    record Replacing(long matched, long done, List<Place> places) implements Done {}

    /** A child that is to be replaced. */
    record Place(String group, int place, long pid) {}

    /**
     * How far a stop is.
     *
     * @param done 1 if this call began it, or changed how it goes on
     * @param timeoutSeconds after which it no longer waits
     * @param waitsFor a line for each thing, for people
     */
    record Stopping(
            long matched,
            long done,
            String state,
            long pid,
            boolean graceful,
            @Nullable Double timeoutSeconds,
            List<String> waitsFor) implements Done {}

    static Counted of(long matched, long done) {
        return new Counted(matched, done);
    }

    static Letters ofLetters(long matched, long done, List<Problem> problems, boolean stopped) {
        return new Letters(matched, done, problems.isEmpty() ? null : problems, stopped ? true : null);
    }

    static OfGroup ofGroup(String name, boolean changed, boolean paused, boolean draining) {
        return new OfGroup(1, changed ? 1 : 0, name, paused, draining);
    }

    static OfType ofType(String name, boolean changed, boolean paused) {
        return new OfType(1, changed ? 1 : 0, name, paused);
    }

    static OfSchedule ofSchedule(String name, boolean changed, boolean paused, @Nullable Instant next) {
        return new OfSchedule(1, changed ? 1 : 0, name, paused, next);
    }

    static Replacing ofPlaces(List<Place> replaced) {
        return new Replacing(replaced.size(), replaced.size(), List.copyOf(replaced));
    }
}
