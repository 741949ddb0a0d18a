package dev.shunt.dispatch;

import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * One thing that a slot shall do: a task, or an event of a connection. Made by whoever submits it, then owned by the
 * dispatcher, whose parts keep here what they must find without a search.
 *
 * @param <P> what it is about; nothing to the dispatcher
 */
public final class Work<P> {

    private static final long NOT_LEASED = 0;

    private final P item;
    private final RunPolicy policy;
    private final int type;
    private final int bytes;
    private final @Nullable Sequence<P> sequence;
    private final boolean last;

    private int slot;
    private int attempt;
    private boolean prefetched = true;
    private long lease = NOT_LEASED;
    private long order = -1;
    private @Nullable TaskTimes times;
    private List<Work<P>> joined = List.of();

    boolean over;

    /** Of {@link Aside}: it wants no slot yet. */
    boolean aside;

    /** Of {@link WaitQueue}: the one that it waits in. */
    @Nullable WaitQueue<P> queue;

    /** Of {@link LiveTasks}: its neighbours there. */
    @Nullable Work<P> older;

    @Nullable Work<P> younger;

    private Work(P item, RunPolicy policy, int type, int bytes, @Nullable Sequence<P> sequence, boolean last) {
        this.item = item;
        this.policy = policy;
        this.slot = policy.slot();
        this.type = type;
        this.bytes = bytes;
        this.sequence = sequence;
        this.last = last;
    }

    /** Runs on any child, or where its policy says; again if it failed or was lost and the policy allows it. */
    public static <P> Work<P> task(P item, RunPolicy policy) {
        return task(item, policy, -1, 0);
    }

    /** As below, of a task that takes nothing worth counting. */
    public static <P> Work<P> task(P item, RunPolicy policy, int type, int attempts) {
        return task(item, policy, type, attempts, 0);
    }

    /**
     * @param type for the rate limits, or -1
     * @param attempts that have ended already
     * @param bytes that it takes in memory
     */
    public static <P> Work<P> task(P item, RunPolicy policy, int type, int attempts, int bytes) {
        var work = new Work<P>(item, policy, type, bytes, null, false);
        work.attempt = attempts;
        return work;
    }

    /** It is given to a child only when that has a slot for it: what is given counts as begun. */
    public void notPrefetched() {
        prefetched = false;
    }

    boolean isPrefetched() {
        return prefetched;
    }

    /** Runs after what came before it in its sequence, on the sequence's child, and never again. */
    public static <P> Work<P> inSequence(Sequence<P> sequence, P item) {
        return inSequence(sequence, item, RunPolicy.NONE);
    }

    /** As {@link #inSequence(Sequence, Object)}, for no longer than the policy says. */
    public static <P> Work<P> inSequence(Sequence<P> sequence, P item, RunPolicy policy) {
        return new Work<>(item, policy, -1, 0, sequence, false);
    }

    /** As {@link #inSequence}, for what ends the sequence: it runs even when the dispatcher has been stopped. */
    public static <P> Work<P> lastInSequence(Sequence<P> sequence, P item) {
        return new Work<>(item, RunPolicy.NONE, -1, 0, sequence, true);
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
        return slot;
    }

    /** The one that it was for is no more. */
    void standsFor(int other) {
        slot = other;
    }

    /** Once it is over: what was submitted under its unique key to get its result. */
    public List<Work<P>> joined() {
        return joined;
    }

    /** How it ends if it waits when the program stops. */
    Ending stoppedBy(String reason) {
        if (policy().durable()) {
            return new Ending.Kept();
        }
        return attempt() == 0 ? new Ending.Rejected(reason) : new Ending.Lost(reason + ", before it was retried");
    }

    void endsWith(List<Work<P>> others) {
        joined = others;
    }

    RunPolicy policy() {
        return policy;
    }

    int type() {
        return type;
    }

    int bytes() {
        return bytes;
    }

    /** An event of a connection; else a task. */
    boolean isEvent() {
        return sequence != null;
    }

    /** An event's. */
    @Nullable Sequence<P> sequence() {
        return sequence;
    }

    /** The last event of its sequence. */
    boolean isLast() {
        return last;
    }

    /** It waits its turn. */
    boolean isInQueue() {
        return queue != null && !over;
    }

    boolean hasTimes() {
        return times != null;
    }

    /** Made when first asked for. */
    TaskTimes times() {
        if (times == null) {
            times = new TaskTimes();
        }
        return times;
    }

    /** It waits for its time, or its turn, not for a slot. */
    public boolean waitsAside() {
        return aside;
    }

    /** It waits for its time. */
    public boolean isDelayed() {
        return times != null && times.delayed;
    }

    /** When its delay has passed, if it has one. */
    public OptionalLong dueAtNanos() {
        return times == null || times.dueAt == 0 ? OptionalLong.empty() : OptionalLong.of(times.dueAt);
    }

    /** It is not over, and nobody has it yet. */
    public boolean isWaiting() {
        return !over && !isLeased();
    }

    boolean isLeased() {
        return lease != NOT_LEASED;
    }

    /** Its number at the child that has it. */
    long lease() {
        return lease;
    }

    /** Place in the order of leasing, so that what comes back keeps its order. */
    long order() {
        return order;
    }

    void leased(long number, long place) {
        attempt++;
        lease = number;
        order = place;
    }

    void notStarted() {
        attempt--;
        lease = NOT_LEASED;
    }

    void attemptEnded() {
        lease = NOT_LEASED;
    }

    boolean hasRetriesLeft() {
        return attempt <= policy.retries();
    }

    @Override
    public String toString() {
        return String.valueOf(item);
    }
}
