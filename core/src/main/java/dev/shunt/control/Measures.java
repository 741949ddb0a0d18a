package dev.shunt.control;

import dev.shunt.stats.Stats;
import java.util.List;

/**
 * The program in the numbers that a collector of metrics asks for, all of one moment: what {@code GET /api/v1/measures}
 * says. Counts are since the program's start.
 *
 * @param types that the program declares, also those of which there was no task yet
 * @param runs attempts by type and how they ended
 * @param restarts children that ended unasked
 * @param logAppend how long the task log took for each entry
 * @param logTasks how many tasks the log keeps
 * @param loopLag how late the main loop came to what was due, looked at each second
 */
public record Measures(
        Inspection program,
        Stats stats,
        List<Declared> types,
        List<Run> runs,
        List<ScheduleInfo> schedules,
        List<Listener> listeners,
        List<Restarts> restarts,
        List<Backlog> backlogs,
        List<Cpu> cpu,
        Times logAppend,
        long logTasks,
        Times loopLag) {

    /**
     * How often something was, and how long it took.
     *
     * @param seconds all together
     */
    public record Times(long count, double seconds, double max) {

        public static final Times NONE = new Times(0, 0, 0);

        public Times plus(Times other) {
            return new Times(count + other.count, seconds + other.seconds, Math.max(max, other.max));
        }
    }

    /** A type of tasks; {@code untyped} for those of none. */
    public record Declared(String type, String group) {}

    /** @param outcome {@code done}, {@code failed}, {@code timed_out}, {@code lost}, {@code cancelled} or {@code rejected} */
    public record Run(String type, String outcome, Times times) {}

    /**
     * Connections of one address.
     *
     * @param closedByPeer of those closed; the others by the program, or because something was wrong
     */
    public record Listener(
            String listener, long accepted, long closedByPeer, long closedHere, long closedForCause, long messages) {

        public long open() {
            return Math.max(0, accepted - closedByPeer - closedHere - closedForCause);
        }
    }

    /** @param cause {@code exit}, {@code out_of_memory}, {@code other}, or a signal such as {@code sigkill} */
    public record Restarts(String group, String cause, long count) {}

    /** @param spilled tasks of a group that wait in the log alone */
    public record Backlog(String group, long spilled) {}

    /** @param seconds that the child of a place has used of processors */
    public record Cpu(String group, int place, double seconds) {}
}
