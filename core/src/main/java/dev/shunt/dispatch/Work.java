package dev.shunt.dispatch;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One thing that a slot shall do: a task, or an event of a connection. Made by whoever submits it, then owned by the
 * dispatcher, which keeps here what it knows of it.
 *
 * @param <P> what it is about; nothing to the dispatcher
 */
public final class Work<P> {

    /** Why the run under way is to end before its handler has. */
    enum EndCause {
        TIMEOUT,
        DEADLINE,
        CANCELLED
    }

    private static final int FEW = 64;

    private final P item;
    private final RunPolicy policy;
    private final int type;
    private final boolean event;
    private final boolean last;

    /** A connection's, or that of the ordering key while this work has entered it. */
    @Nullable Sequence<P> sequence;

    /** Where it waits its turn, if it is in a queue. */
    @Nullable WaitQueue<P> queue;

    /** The child that has it, and under which lease. */
    @Nullable ChildLoad<P> child;

    long lease;

    @Nullable EndCause endCause;

    boolean over;
    long deadlineAt;

    /** Only if its policy have a delay. */
    long dueAt;

    int alarms;

    /** In the list of all tasks that are not over. */
    @Nullable Work<P> older;

    @Nullable Work<P> younger;

    /** What gets its result too, and what takes its unique key after it. */
    private List<Work<P>> joined = List.of();

    @Nullable Work<P> successor;

    /** What it joined, and how many of those that joined it have ended before it. */
    private @Nullable Work<P> holder;

    private int joinedOver;

    /** In this attempt it could have started, and had not when it was last looked at; since when. */
    boolean isOverlooked;

    long overlookedSince;

    private int attempt;
    private long order = -1;

    private Work(P item, RunPolicy policy, int type, @Nullable Sequence<P> sequence, boolean last) {
        this.item = item;
        this.policy = policy;
        this.type = type;
        this.sequence = sequence;
        this.event = sequence != null;
        this.last = last;
    }

    /** Runs on any child, or where its policy say; again if it failed or was lost and they allow it. */
    public static <P> Work<P> task(P item, RunPolicy policy) {
        return task(item, policy, -1, 0);
    }

    /**
     * @param type for the rate limits, or -1
     * @param attempts that have ended already
     */
    public static <P> Work<P> task(P item, RunPolicy policy, int type, int attempts) {
        var work = new Work<P>(item, policy, type, null, false);
        work.attempt = attempts;
        return work;
    }

    /** Runs after what came before it in its sequence, on the sequence's child, and never again. */
    public static <P> Work<P> inSequence(Sequence<P> sequence, P item) {
        return new Work<>(item, RunPolicy.NONE, -1, sequence, false);
    }

    /** As {@link #inSequence}, for what ends the sequence: it runs even when the dispatcher has been stopped. */
    public static <P> Work<P> lastInSequence(Sequence<P> sequence, P item) {
        return new Work<>(item, RunPolicy.NONE, -1, sequence, true);
    }

    public P item() {
        return item;
    }

    /** 1 in the first run; 0 before it. */
    public int attempt() {
        return attempt;
    }

    /** Of the group, or -1 for any. */
    public int slot() {
        return policy.slot();
    }

    /** What was submitted under its unique key to get its result; complete once it is over. */
    public List<Work<P>> joined() {
        return joined;
    }

    RunPolicy policy() {
        return policy;
    }

    int type() {
        return type;
    }

    boolean isLast() {
        return last;
    }

    /** It waits its turn. */
    boolean isInQueue() {
        return queue != null && !over;
    }

    boolean isLeased() {
        return child != null;
    }

    /** An event of a connection, whose sequence is at one place; else a task. */
    boolean isEvent() {
        return event;
    }

    void leased(ChildLoad<P> to, long number, long place) {
        attempt++;
        child = to;
        lease = number;
        order = place;
        isOverlooked = false;
    }

    void notStarted() {
        attempt--;
        child = null;
    }

    void attemptEnded() {
        child = null;
    }

    /** Place in the order of leasing, so that what comes back keeps its order. */
    long order() {
        return order;
    }

    boolean hasRetriesLeft() {
        return attempt <= policy.retries();
    }

    void join(Work<P> other) {
        if (joined.isEmpty()) {
            joined = new ArrayList<>();
        }
        joined.add(other);
        other.holder = this;
    }

    /** It does not run: it ends with the one that it joined, or before. */
    boolean hasJoined() {
        return holder != null;
    }

    /** It is over. Those that had joined it, and are not over before, end with it; what it had joined may forget it. */
    void leaveJoined() {
        if (!joined.isEmpty()) {
            joined = joined.stream().filter(other -> !other.over).toList();
        }
        if (holder != null && !holder.over) {
            holder.joinedLeft();
        }
    }

    private void joinedLeft() {
        joinedOver++;
        if (joinedOver > FEW && joinedOver > joined.size() / 2) {
            joined.removeIf(other -> other.over);
            joinedOver = 0;
        }
    }
}
