package dev.shunt.task;

import dev.shunt.bus.Bus;
import dev.shunt.data.Data;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Durable tasks that several nodes share: any of them may run one. A node is one manager's run, and what it was handed is
 * its lease until it says how that ended, or until others find that the node is gone. Opened by the manager alone. {@link
 * #append} never waits; what was appended first takes effect first. Safe for use by any thread.
 */
public interface TaskQueue extends AutoCloseable {

    /** Opens a queue: called in the manager when the program starts, never in a child. */
    @FunctionalInterface
    interface Opener {

        /**
         * @param listener hears on threads of the queue, from before this returns on
         * @throws IOException saying which server, what is wrong with it and what to do
         */
        TaskQueue open(Self self, Listener listener) throws IOException;

        /** What its nodes speak to each other over, where the program names nothing else; none by default. */
        default Optional<Bus.Opener> bus() {
            return Optional.empty();
        }
    }

    /**
     * What a node runs.
     *
     * @param groups of task slots: for each, the types that it has handlers for
     */
    record Self(List<List<Kind>> groups) {
        public Self {
            groups = groups.stream().map(List::copyOf).toList();
        }
    }

    /**
     * A type of tasks.
     *
     * @param name the class name its handler was declared for; empty for {@code onTask}
     * @param rate how many may start, over all nodes together
     */
    record Kind(String name, Optional<RateLimit> rate) {}

    /**
     * A task that was handed to a node.
     *
     * @param node a number that no other run of any manager has
     * @param fence how often the task has been handed out; of two leases, the later one has the greater
     * @param asker the node that submitted it; 0 for none
     * @param keyed whether others may wait for its end
     */
    record Lease(long taskId, int node, int fence, int asker, boolean keyed) {}

    /**
     * When a schedule was due: {@code every} milliseconds, counted from 1970, or if that is 0 at {@code dueMillis}.
     *
     * @param missed asked: what came due while no node was there to ask is to be made up for; answered: it is such a one
     */
    record Occurrence(String schedule, long dueMillis, long everyMillis, boolean missed) {

        private static final String KEY = "schedule:";

        /** What came due longer ago than this has no task any more. */
        public static final Duration MISSED = Duration.ofMinutes(5);

        /** So many of one schedule are made up for at once, and wait for the one before. */
        public static final int MOST_MISSED = 100;

        /** Without what was missed before. */
        public Occurrence alone() {
            return new Occurrence(schedule, dueMillis, everyMillis, false);
        }

        /** The unique key of the tasks of a schedule that has none of its own. */
        public static String key(String schedule) {
            return KEY + schedule;
        }

        public static boolean isKey(String key) {
            return key.startsWith(KEY);
        }
    }

    /**
     * A task as it is submitted.
     *
     * @param source id of the slot that asked
     * @param followed whether whoever asked wants to hear its progress
     * @param due what it is the task of; null if no schedule's. With the key of {@link Occurrence#key} it is refused while the
     *     one before runs, but waits for its turn if that one, or it, was held up by the end of a node
     */
    record SharedTask(
            long id,
            String type,
            Data data,
            TaskOptions options,
            int source,
            boolean followed,
            @Nullable Occurrence due) {}

    /**
     * A task that is to run on this node.
     *
     * @param attempts that have ended
     * @param deaths of nodes that had it, in a row
     * @param ageNanos since it was submitted
     * @param startInNanos not to be started before, for its type's rate
     */
    record Claim(Lease lease, SharedTask task, int attempts, int deaths, long ageNanos, long startInNanos) {}

    /**
     * A task that was submitted here and has ended elsewhere, or whose node is gone.
     *
     * @param adopted it was submitted by another node, which is gone
     */
    record Ended(long taskId, String type, Outcome outcome, Data data, Data context, int source, boolean adopted) {}

    /** What happens to a task. Nothing happens if the lease is over. */
    sealed interface Entry {

        /** It is in the queue from now on; nothing happens if its id is. */
        record Offered(SharedTask task) implements Entry {}

        /** It was submitted, and whoever did has been told that it is not kept: it does not run unless it has begun. */
        record Withdrawn(long taskId) implements Entry {}

        /** An attempt is about to begin, of a task with deaths. */
        record Begun(Lease lease) implements Entry {}

        /** It is over. */
        record Settled(Lease lease, Outcome outcome, Data data) implements Entry {}

        /** An attempt has ended, and another one follows after so long. */
        record Retried(Lease lease, int attempts, long delayNanos) implements Entry {}

        /** It was not run here, or what it did here does not count. */
        record Returned(Lease lease) implements Entry {}

        /** It is over, and a dead letter. */
        record Died(Lease lease, Outcome outcome, Data data, int attempts, String reason) implements Entry {}

        /** What was told by {@link Listener#ended} has been passed on, and need not be kept. */
        record Told(long taskId) implements Entry {}

        /** It is to end, wherever it is. */
        record CancelAsked(long taskId) implements Entry {}

        /** A dead letter becomes a task again, with no attempts; refused, and a letter still, if its unique key is held. */
        record Revived(long taskId) implements Entry {}

        /** A dead letter is no longer kept. */
        record Discarded(long taskId) implements Entry {}

        /** A schedule may be due: whether this node is the one to submit its task. */
        record Due(Occurrence occurrence) implements Entry {}

        /** It was due, and has no task after all. */
        record Skipped(Occurrence occurrence) implements Entry {}
    }

    /** What became of an entry. */
    sealed interface Answer {

        /**
         * It is kept.
         *
         * @param here of an end: whoever asked is on this node, and is to be told; of what names a task by its id: there was one
         */
        record Kept(boolean here) implements Answer {}

        /** The task is not taken: its unique key is held. */
        record Refused(String why) implements Answer {}

        /** The lease was no longer this node's. */
        record Fenced() implements Answer {}

        /** It is not kept. */
        record Failed(IOException problem) implements Answer {}

        /**
         * To {@link Entry.Due}.
         *
         * @param mine null if another node has done or will do it, or it is too early
         * @param nextNanos when to ask again, of intervals and of what is too early; else 0
         */
        record Fires(@Nullable Occurrence mine, long nextNanos) implements Answer {}
    }

    /** Hears what the queue has for a node. Must not wait. */
    interface Listener {

        /** Of the group with that index in {@link Self#groups}. */
        void claimed(int group, List<Claim> claims);

        /** What was submitted here and is over; each is to be answered with {@link Entry.Told}. */
        void ended(List<Ended> ended);

        /** It is to end. */
        void cancel(long taskId, int fence);

        void progressed(long taskId, Data progress);

        /** This node's leases are valid for so long from the given reading of the monotonic clock on. */
        void alive(long fromNanos, long validNanos);

        /** Others took this node for gone: its leases are over. It goes on under another number. */
        void fenced(String why);

        /** Another node that was to submit this schedule's task is gone: this one is to. */
        void due(Occurrence occurrence);

        void reachable(boolean now, String why);
    }

    /**
     * What is where, as it was at the last beat.
     *
     * @param nodes that live
     * @param waiting tasks that are submitted and not leased
     * @param ready of these, those that only want a slot
     * @param leased to any node
     * @param dead letters
     */
    record Counts(int nodes, long waiting, long ready, long leased, long dead) {
        public static final Counts NONE = new Counts(0, 0, 0, 0, 0);
    }

    /**
     * What a node says of itself with each beat.
     *
     * @param slots that run tasks
     * @param busy of these, those that run any
     * @param leased handed to it, and not ended
     * @param ended that it has run, and whose ends were kept, since its start
     * @param fenced that it has run, and whose ends did not count
     */
    record Load(int slots, int busy, long leased, long ended, long fenced) {
        public static final Load NONE = new Load(0, 0, 0, 0, 0);
    }

    /**
     * A node that lives, as far as others know.
     *
     * @param types that it has handlers for
     * @param sinceSeconds how long it has been there
     * @param beatSeconds how long it has said nothing
     */
    record NodeInfo(int node, String name, List<String> types, double sinceSeconds, double beatSeconds, Load load) {
        public NodeInfo {
            types = List.copyOf(types);
        }
    }

    /**
     * Takes an entry in.
     *
     * @param durability what it must survive: {@link Durability#DISK} the process, {@link Durability#SYNC} the queue's machine
     * @param done called once, on a thread of the queue or before this returns
     */
    void append(Entry entry, Durability durability, Consumer<Answer> done);

    /**
     * How many tasks a group may be handed, counted from the opening on.
     *
     * @param total at most so many altogether; may be less than before
     */
    void want(int group, long total);

    /** Best effort. */
    void progress(Lease lease, Data progress);

    /** Never waits. */
    Counts counts();

    /** All that live, this one too, in the order of their numbers. Never waits; as they were at the last beat. */
    List<NodeInfo> nodes();

    /** Told to the others with the next beat. Never waits. */
    void load(Load load);

    /** This node's number now. */
    int node();

    /** As {@link TaskLog#dead}. */
    Optional<DeadTask> dead(long taskId) throws IOException;

    /** As {@link TaskLog#deadTasks}. */
    List<DeadTask> deadTasks(long afterId, int limit, long maxBytes) throws IOException;

    /** The same, however many bytes they have. */
    default List<DeadTask> deadTasks(long afterId, int limit) throws IOException {
        return deadTasks(afterId, limit, Long.MAX_VALUE);
    }

    /**
     * A dead letter without what is in it.
     *
     * @param died another number when it has died again
     */
    record DeadMark(long id, long died) {}

    /** Of all dead letters, in the order of their ids. */
    default List<DeadMark> deadMarks() throws IOException {
        var marks = new ArrayList<DeadMark>();
        for (var page = deadTasks(Long.MIN_VALUE, 1000);
                !page.isEmpty();
                page = deadTasks(page.getLast().id(), 1000)) {
            page.forEach(letter -> marks.add(new DeadMark(letter.id(), letter.diedAtMillis())));
        }
        return marks;
    }

    /**
     * Those of these that there are, and none after those whose payloads together have so many bytes.
     *
     * @param ids in their order, which is that of the answer
     */
    default List<DeadTask> deadTasks(List<Long> ids, long maxBytes) throws IOException {
        var letters = new ArrayList<DeadTask>();
        long bytes = 0;
        for (long id : ids) {
            var letter = bytes < maxBytes ? dead(id) : Optional.<DeadTask>empty();
            bytes += letter.map(one -> (long) one.task().data().size()).orElse(0L);
            letter.ifPresent(letters::add);
        }
        return letters;
    }

    /** As {@link TaskLog#reserve}, over all nodes. */
    long reserve(int count) throws IOException;

    /** This node leaves in order: what was appended is kept, what it has leased is the others'. */
    @Override
    void close() throws IOException;
}
