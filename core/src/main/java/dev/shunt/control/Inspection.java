package dev.shunt.control;

import dev.shunt.stats.Stats;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The program as it is at one moment: what {@code GET /api/v1/status} says. Durations are seconds.
 *
 * @param state {@code starting}, {@code running}, {@code draining} or {@code stopping}
 * @param version of the program, if its main class's package says one
 * @param groups those of tasks first
 * @param running the oldest first, at most {@link #MAX_RUNNING}
 * @param nodes that share durable tasks with this one, which is among them; none without a {@code taskQueue}
 * @param bus over which connections of several nodes are one; null without one
 */
public record Inspection(
        String program,
        long pid,
        Instant since,
        double seconds,
        String state,
        @Nullable String version,
        String runDirectory,
        Instant at,
        List<String> listeners,
        List<Group> groups,
        List<Type> types,
        List<Running> running,
        int runningTotal,
        List<Child> children,
        Totals totals,
        List<Node> nodes,
        Stats.@Nullable Bus bus) {

    public static final int MAX_RUNNING = 1000;

    /**
     * Slots that run the same.
     *
     * @param kind {@code tasks} or {@code connections}
     * @param placement {@code children}, {@code in_process} or {@code event_loop}
     * @param busy slots that run something now
     * @param queued that wait for a slot
     * @param delayed that wait for their time or their turn
     * @param oldestSeconds how long the oldest of those queued has waited since it was due
     * @param limit how many may wait for a slot
     * @param bytes of tasks in memory that wait for a slot or run
     */
    public record Group(
            String name,
            String kind,
            String placement,
            int slots,
            int busy,
            long queued,
            long delayed,
            double oldestSeconds,
            int children,
            @Nullable Integer limit,
            @Nullable Long bytes,
            @Nullable Long limitBytes,
            boolean paused,
            boolean draining) {}

    /**
     * Tasks of one type, since the program's start.
     *
     * @param queued that have not started, delayed ones too
     * @param waited from due to started
     * @param ran of one attempt
     * @param total from accepted to ended
     */
    public record Type(
            String type,
            String group,
            long submitted,
            long queued,
            long running,
            long retried,
            boolean paused,
            Ended ended,
            Latency waited,
            Latency ran,
            Latency total) {}

    /** How many ended how. */
    public record Ended(long done, long failed, long lost, long timedOut, long cancelled, long rejected) {}

    /** In seconds; exact to one per cent. */
    public record Latency(long count, double mean, double p50, double p95, double p99, double max) {

        public static final Latency NONE = new Latency(0, 0, 0, 0, 0, 0);
    }

    /**
     * What a slot runs.
     *
     * @param id of the task, or of the connection
     * @param type of the task, or {@code message}, {@code connect} and their like
     * @param slot of the group
     * @param pid of the process that the slot is in
     * @param progress what its handler has told last
     */
    public record Running(
            long id,
            String type,
            String group,
            int slot,
            long pid,
            double seconds,
            int attempt,
            Instant since,
            @Nullable Object progress) {}

    /**
     * A process that the manager started.
     *
     * @param place in its group
     * @param state {@code starting}, {@code greeted}, {@code ready} or {@code leaving}
     * @param since when it became ready
     * @param heapBytes as it said last, up to ten seconds ago
     * @param restarts how often this place has lost one unasked
     * @param lastExit why it did last
     */
    public record Child(
            long pid,
            String group,
            int place,
            long serial,
            String state,
            @Nullable Instant since,
            @Nullable Long rssBytes,
            @Nullable Long heapBytes,
            @Nullable Long heapMaxBytes,
            int slots,
            int busy,
            @Nullable String version,
            int restarts,
            @Nullable String lastExit) {}

    /**
     * A node of a fleet, as it said with its last beat.
     *
     * @param node its number, which no other run has
     * @param self whether it is the one that answers
     * @param beatSeconds how long it has said nothing; it does each second
     * @param leased shared tasks that it was handed and that are not over
     * @param ended shared tasks that it has run to their end
     * @param fenced of those that it ran, how many ends did not count, for others had the task
     * @param types that it has handlers for; empty for {@code onTask}
     */
    public record Node(
            int node,
            String name,
            boolean self,
            double seconds,
            double beatSeconds,
            int slots,
            int busy,
            long leased,
            long ended,
            long fenced,
            List<String> types) {}

    /**
     * As {@code stats()} counts them.
     *
     * @param running started and not ended, or ended and the log or whoever asked does not know yet
     * @param busy slots of all groups that run something
     */
    public record Totals(
            long submitted,
            long queued,
            long delayed,
            long running,
            long done,
            long failed,
            long lost,
            long timedOut,
            long cancelled,
            long rejected,
            long retried,
            long dead,
            long connections,
            long accepted,
            long messages,
            long childrenReplaced,
            int slots,
            int busy) {}
}
