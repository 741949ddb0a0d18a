package dev.shunt.dispatch;

import dev.shunt.dispatch.Leases.Open;
import org.jspecify.annotations.Nullable;

/**
 * One child as its dispatcher sees it: what it was given, and whether it takes more. Handed out by
 * {@link Dispatcher#childUp}, as the child's name in all that follows.
 */
public final class ChildLoad<P> {

    private final int place;
    private final int firstSlot;
    private final int slots;
    private final Leases<P> leases = new Leases<>();
    private final boolean[] targeted;
    private int targetedCount;
    private boolean serving = true;
    private boolean warm;
    private boolean takingBack;
    private boolean nothingToGiveBack;
    private boolean provedBusy;
    private final long runs;
    private long runsLeft;

    /**
     * @param firstSlot its first slot's number in the group
     * @param runs after which it is to be replaced; 0 for never
     */
    ChildLoad(int place, int firstSlot, int slots, long runs) {
        this.place = place;
        this.firstSlot = firstSlot;
        this.slots = slots;
        this.runs = runs == 0 ? Long.MAX_VALUE : runs;
        this.runsLeft = this.runs;
        this.targeted = new boolean[slots];
    }

    public int place() {
        return place;
    }

    int slots() {
        return slots;
    }

    Leases<P> leases() {
        return leases;
    }

    /** It may be given work. */
    boolean isServing() {
        return serving;
    }

    void leaves() {
        serving = false;
    }

    int running() {
        return Math.min(leases.size(), slots);
    }

    /** How many leases cannot have started yet, because as many as there are slots came before them. */
    int prefetched() {
        return Math.max(0, leases.size() - slots);
    }

    boolean has(Work<P> work) {
        return work.equals(leases.get(work.lease()));
    }

    /** For so few came before it that a slot takes it, whatever those do; not known of what must wait for one slot. */
    boolean hasSlotFor(Work<P> work) {
        return work.slot() < 0
                && leases.inOrder().stream().limit(slots).map(Open::work).anyMatch(work::equals);
    }

    /** Maybe: what is meant for one slot either runs or waits for that slot, which runs something that any could. */
    boolean hasIdleSlot() {
        return serving && (leases.size() < slots || (!provedBusy && Math.max(anywhere(), targetedCount) < slots));
    }

    /** How much it has been given, relative to its slots; one that is maybe idle counts half. */
    double load() {
        double most = hasIdleSlot() ? slots - 0.5 : Double.MAX_VALUE;
        return Math.min(leases.size(), most) / slots;
    }

    /** Leases that any of its slots may take. */
    int anywhere() {
        return leases.size() - targetedCount;
    }

    /**
     * What is meant for one slot does not count: it may wait for that slot while another is free. Nothing is prefetched
     * until a first run has ended, which takes as long as its classes take to load, whatever is usual.
     */
    boolean takes(int prefetchPerSlot) {
        int prefetch = warm ? prefetchPerSlot * slots : 0;
        return serving && anywhere() < slots + prefetch && !leases.isFull();
    }

    /** One at a time for each slot of the group that is here. */
    boolean takesFor(int slot) {
        return serving && !targeted[slot - firstSlot] && !leases.isFull();
    }

    /** Gives it a lease, and returns the number. */
    long give(Work<P> work) {
        if (work.slot() >= 0) {
            targeted[work.slot() - firstSlot] = true;
            targetedCount++;
        } else {
            mayGiveBack();
        }
        return leases.add(work);
    }

    /** Closes a lease and returns its work; null if it is not open. */
    @Nullable Work<P> close(long lease) {
        Work<P> work = leases.remove(lease);
        if (work != null && work.slot() >= 0) {
            targeted[work.slot() - firstSlot] = false;
            targetedCount--;
        }
        return work;
    }

    /** True once, when it has run as much as it may. */
    boolean hasRunEnough() {
        return --runsLeft == 0;
    }

    /** It could not be replaced, and may run as much again. */
    void servesOn() {
        runsLeft = runs;
    }

    boolean isTakingBack() {
        return takingBack;
    }

    void takingBack(boolean value) {
        takingBack = value;
    }

    /** What it has prefetched is for one slot each, or on its way still: asking again would not bring anything. */
    boolean givesNothingBack() {
        return nothingToGiveBack;
    }

    void gaveNothingBack() {
        nothingToGiveBack = true;
    }

    private void mayGiveBack() {
        nothingToGiveBack = false;
    }

    /** It gave back what any of its slots would have started, had one been idle. */
    void provedBusy() {
        provedBusy = true;
    }

    /** It has ended something: that slot is idle now. */
    void settled() {
        warm = true;
        provedBusy = false;
        mayGiveBack();
    }
}
