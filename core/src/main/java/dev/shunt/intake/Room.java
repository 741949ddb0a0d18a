package dev.shunt.intake;

import dev.shunt.intake.Pending.State;

/** How many tasks there are in each state, and so whether there is room for one more. */
@SuppressWarnings("EnumOrdinal") // a counter per state
final class Room {

    private final int maxTasks;
    private final int[] tasks = new int[State.values().length];

    Room(int maxTasks) {
        this.maxTasks = maxTasks;
    }

    void moved(State from, State to) {
        if (from.waits()) {
            tasks[from.ordinal()]--;
        }
        if (to.waits()) {
            tasks[to.ordinal()]++;
        }
    }

    int in(State state) {
        return tasks[state.ordinal()];
    }

    /** On their way into the store. */
    int storing() {
        return in(State.STORING) + in(State.SPILLING);
    }

    /** Put into the store for want of room, or on their way: what comes later queues up behind. */
    int spilled() {
        return in(State.SPILLING) + in(State.SPILLED) + in(State.FETCHING);
    }

    /** That wait in memory. */
    int held() {
        return storing() + in(State.HELD) + in(State.NOT_DUE);
    }

    /** @param queued that have entered and wait there */
    boolean has(int queued) {
        return queued + held() < maxTasks;
    }

    /** For how many that are in the store: those that are held may wait for just these. */
    int toFetch(int queued) {
        return maxTasks - queued - storing() - in(State.NOT_DUE);
    }
}
