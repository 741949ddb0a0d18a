package dev.shunt.intake;

import dev.shunt.intake.NotEntered.Full;
import dev.shunt.intake.Pending.State;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How many tasks there are in each state and how many bytes they have, and so whether there is room for one more. What
 * wants a slot and what waits for its time or its turn have room of their own. Owned by the {@link Intake}.
 */
@SuppressWarnings("EnumOrdinal") // a counter per state
final class Room {

    private final IntakeLimits limits;
    private final Handover<?> handover;
    private final int[] tasks = new int[State.values().length];

    /** Here, to be stored first. */
    private int storing;

    /** Put into the store for want of room, or on their way, and due: what comes later queues up behind. */
    private int spilledDue;

    private int aside;
    private long asideBytes;

    /** Waits for room, or is on its way into the store for want of it. */
    private long outsideBytes;

    /** Of all that is in memory and not over. */
    private long bytes;

    Room(IntakeLimits limits, Handover<?> handover) {
        this.limits = limits;
        this.handover = handover;
    }

    /** So many bytes more are in memory, or less. */
    void holds(long more) {
        bytes += more;
    }

    void moved(Pending<?> pending, State from, State to) {
        count(pending, from, -1);
        count(pending, to, 1);
    }

    private void count(Pending<?> pending, State state, int one) {
        if (!state.waits()) {
            return;
        }
        tasks[state.ordinal()] += one;
        long size = one * (long) pending.size();
        switch (state) {
            case STORING -> {
                if (pending.aside) {
                    setAside(one, size);
                } else {
                    storing += one;
                }
            }
            case NOT_DUE, HELD -> setAside(one, size);
            case WAITS_FOR_ROOM -> outsideBytes += size;
            case SPILLING -> {
                outsideBytes += size;
                spilled(pending, one);
            }
            case SPILLED, FETCHING -> spilled(pending, one);
            case ARRIVED, ENTERED, OVER -> {}
        }
    }

    private void spilled(Pending<?> pending, int one) {
        if (!pending.later) {
            spilledDue += one;
        }
    }

    /** One that the store has alone has come to its time. */
    void cameDue(Pending<?> pending) {
        if (pending.later) {
            pending.later = false;
            spilledDue++;
        }
    }

    private void setAside(int one, long size) {
        aside += one;
        asideBytes += size;
    }

    int in(State state) {
        return tasks[state.ordinal()];
    }

    /** On their way into the store. */
    int storing() {
        return in(State.STORING) + in(State.SPILLING);
    }

    int spilledDue() {
        return spilledDue;
    }

    /** What comes now queues up behind them, if it is due. */
    boolean spillsAreBefore() {
        return limits.spills() && spilledDue > 0;
    }

    /** In the store alone, or on their way there or back. */
    long spilled() {
        return (long) in(State.SPILLING) + in(State.SPILLED) + in(State.FETCHING);
    }

    boolean hasSpills() {
        return in(State.SPILLED) + in(State.SPILLING) < limits.maxSpilled();
    }

    /** That want a slot and wait in memory. */
    int queued() {
        return handover.queued() + storing;
    }

    /** That wait in memory for their time or their turn. */
    int aside() {
        return handover.aside() + aside;
    }

    long asideBytes() {
        return handover.asideBytes() + asideBytes;
    }

    /** Of all in memory but those, and but what waits outside. */
    long queuedBytes() {
        return bytes - asideBytes() - outsideBytes;
    }

    long bytes() {
        return bytes;
    }

    /** What there is too much of for one that has arrived; null if there is room for it. */
    @Nullable Full lacks(boolean setAside, long size) {
        return lacks(setAside, queuedBytes() - size, size);
    }

    /** What there is too much of for one that waits for room; null if there is room for it. */
    @Nullable Full lacksMore(boolean setAside, long size) {
        return lacks(setAside, queuedBytes(), size);
    }

    /** @param others bytes of all that is not set aside, but its own */
    private @Nullable Full lacks(boolean setAside, long others, long size) {
        if ((long) queued() + aside() >= (long) limits.maxTasks() + limits.maxDelayed()) {
            return setAside || aside() > limits.maxDelayed() ? Full.DELAYED : Full.TASKS;
        }
        if (exceeds(others + asideBytes(), size, limits.maxBytes() + limits.maxDelayedBytes())) {
            return setAside || asideBytes() > limits.maxDelayedBytes() ? Full.DELAYED_BYTES : Full.BYTES;
        }
        if (!setAside) {
            return queued() >= limits.maxTasks()
                    ? Full.TASKS
                    : exceeds(others, size, limits.maxBytes()) ? Full.BYTES : null;
        }
        return aside() >= limits.maxDelayed()
                ? Full.DELAYED
                : exceeds(asideBytes(), size, limits.maxDelayedBytes()) ? Full.DELAYED_BYTES : null;
    }

    /** Whether so much more may wait for room, or for the store for want of it. */
    boolean hasOutside(long size) {
        return !exceeds(outsideBytes, size, limits.maxOutsideBytes());
    }

    /** One alone may have more than there is room for. */
    private static boolean exceeds(long held, long more, long limit) {
        return held > 0 && held + more > limit;
    }

    /** For how many that are in the store; {@code awaited} if those that are held here wait for just these. */
    int toFetch(boolean awaited) {
        long setAside = (long) aside() - (awaited ? in(State.HELD) : 0);
        long all = (long) limits.maxTasks() + limits.maxDelayed() - queued() - setAside;
        return (int) Math.min(limits.maxTasks() - queued(), all);
    }

    /** Whether there is room for one of this size, which may have more alone. */
    boolean hasFor(long size) {
        return !exceeds(queuedBytes(), size, limits.maxBytes());
    }

    long bytesToFetch() {
        return limits.maxBytes() - queuedBytes();
    }

    /** As {@link Intake#sizes}. */
    Map<String, Long> sizes() {
        var sizes = new HashMap<>(Map.of("bytes in memory", bytes(), "bytes that wait", queuedBytes()));
        for (var state : State.values()) {
            sizes.put(state.name(), (long) in(state));
        }
        return sizes;
    }
}
