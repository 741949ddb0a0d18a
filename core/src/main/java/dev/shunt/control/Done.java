package dev.shunt.control;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What an action did.
 *
 * @param matched what it was about
 * @param done of these, what is otherwise now
 * @param problems of at most {@link #MAX_PROBLEMS} that could not be done
 */
public record Done(
        long matched,
        long done,
        @Nullable List<Problem> problems,
        @Nullable Boolean stopped,
        @Nullable Long job,
        @Nullable Long id,
        @Nullable String group,
        @Nullable String type,
        @Nullable String schedule,
        @Nullable Boolean paused,
        @Nullable Boolean draining,
        @Nullable Instant next,
        @Nullable List<Place> places,
        @Nullable Integer children,
        @Nullable Integer slots) {

    public static final int MAX_PROBLEMS = 100;

    /** Of all but a resize. */
    private Done(
            long matched,
            long done,
            @Nullable List<Problem> problems,
            @Nullable Boolean stopped,
            @Nullable Long job,
            @Nullable Long id,
            @Nullable String group,
            @Nullable String type,
            @Nullable String schedule,
            @Nullable Boolean paused,
            @Nullable Boolean draining,
            @Nullable Instant next,
            @Nullable List<Place> places) {
        this(
                matched, done, problems, stopped, job, id, group, type, schedule, paused, draining, next, places, null,
                null);
    }

    /** One that could not be done. */
    public record Problem(long id, String error) {}

    /** A child that is to be replaced. */
    public record Place(String group, int place, long pid) {}

    public static Done of(long matched, long done) {
        return new Done(matched, done, null, null, null, null, null, null, null, null, null, null, null);
    }

    public static Done of(long matched, long done, List<Problem> problems, boolean stopped) {
        return new Done(
                matched,
                done,
                problems.isEmpty() ? null : problems,
                stopped ? true : null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null);
    }

    public static Done ofJob(long job, long matched) {
        return new Done(matched, 0, null, null, job, null, null, null, null, null, null, null, null);
    }

    public Done withId(long task) {
        return new Done(
                matched, done, problems, stopped, job, task, group, type, schedule, paused, draining, next, places);
    }

    public static Done ofGroup(String name, boolean changed, boolean paused, boolean draining) {
        return new Done(1, changed ? 1 : 0, null, null, null, null, name, null, null, paused, draining, null, null);
    }

    public static Done ofType(String name, boolean changed, boolean paused) {
        return new Done(1, changed ? 1 : 0, null, null, null, null, null, name, null, paused, null, null, null);
    }

    public static Done ofSchedule(String name, boolean changed, @Nullable Boolean paused, @Nullable Instant next) {
        return new Done(1, changed ? 1 : 0, null, null, null, null, null, null, name, paused, null, next, null);
    }

    public static Done ofPlaces(List<Place> replaced) {
        return new Done(
                replaced.size(),
                replaced.size(),
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                List.copyOf(replaced));
    }

    /**
     * @param children that the group is to have; 0 if its slots are threads of the manager
     * @param slots that it is to have in all
     */
    public static Done ofResize(String group, boolean changes, int children, int slots) {
        return new Done(
                1,
                changes ? 1 : 0,
                null,
                null,
                null,
                null,
                group,
                null,
                null,
                null,
                null,
                null,
                null,
                children == 0 ? null : children,
                slots);
    }
}
