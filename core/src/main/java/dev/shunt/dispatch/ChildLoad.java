package dev.shunt.dispatch;

import dev.shunt.dispatch.ChildLoads.Running;
import dev.shunt.dispatch.Leases.Open;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One child as its dispatcher sees it: what it was given, and whether it takes more. Handed out by
 * {@link Dispatcher#childUp}, as the child's name in all that follows.
 */
public final class ChildLoad<P> {

    private final int place;
    private final int firstSlot;
    private int slots;
    private final Leases<P> leases = new Leases<>();
    private boolean[] targeted;
    private int targetedCount;
    private boolean serving = true;
    private boolean warm;
    private boolean takingBack;
    private boolean nothingToGiveBack;
    private boolean provedBusy;
    private final long runs;

    /** How many more leases it may be given. */
    private long runsLeft;

    private boolean wornOut;

    /** Those before it at its place that had run enough and still run their last: they have its slots until then. */
    private final List<ChildLoad<P>> before;

    private final Running all;

    private boolean gone;

    /**
     * @param firstSlot its first slot's number in the group
     * @param runs it may be given until it is to be replaced; 0 for any number
     * @param before see there; changed by whoever owns it
     * @param all kept up to date with what this one runs
     */
    ChildLoad(int place, int firstSlot, int slots, long runs, List<ChildLoad<P>> before, Running all) {
        this.before = before;
        this.all = all;
        this.place = place;
        this.firstSlot = firstSlot;
        this.slots = slots;
        this.runs = runs == 0 ? Long.MAX_VALUE : runs;
        this.runsLeft = this.runs;
        this.targeted = new boolean[slots];
        all.addIdle(slots);
    }

    /** It has so many slots from now on; those that are no more end what they run. */
    void resize(int now) {
        if (now != slots) {
            int ran = running();
            int had = slots;
            slots = now;
            targeted = Arrays.copyOf(targeted, Math.max(now, targeted.length));
            int more = running() - ran;
            all.add(more);
            if (serving) {
                all.addIdle(now - had - more);
            }
            provedBusy = false;
            mayGiveBack();
        }
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
        if (serving) {
            serving = false;
            all.addIdle(running() - slots);
        }
    }

    /** It runs nothing any more, whatever it has been given. */
    void gone() {
        if (!gone) {
            gone = true;
            all.add(-running());
        }
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
        int own = slots - leftBehind();
        return serving
                && runsLeft > 0
                && (leases.size() < own || (!provedBusy && Math.max(anywhere(), targetedCount) < own));
    }

    /** Twice as much as it has been given, to be compared by slots; of one that is maybe idle, less than it has slots. */
    long twiceLoad() {
        long twice = 2L * leases.size();
        return hasIdleSlot() ? Math.min(twice, 2L * slots - 1) : twice;
    }

    /** Slots that are free and that it may use. */
    int idleSlots() {
        return runsLeft > 0 ? Math.max(0, slots - running() - leftBehind()) : 0;
    }

    /** What those before it still run. */
    private int leftBehind() {
        int left = 0;
        for (int i = 0; i < before.size(); i++) {
            left += before.get(i).running();
        }
        return left;
    }

    private boolean isLeftBehind(int slot) {
        for (int i = 0; i < before.size(); i++) {
            if (before.get(i).targeted[slot - firstSlot]) {
                return true;
            }
        }
        return false;
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
        return serving && runsLeft > 0 && anywhere() + leftBehind() < slots + prefetch && !leases.isFull();
    }

    /** One at a time for each slot of the group that is here. */
    boolean takesFor(int slot) {
        return serving && runsLeft > 0 && !targeted[slot - firstSlot] && !isLeftBehind(slot) && !leases.isFull();
    }

    /** Gives it a lease, and returns the number. */
    long give(Work<P> work) {
        runsLeft--;
        if (work.slot() >= 0) {
            targeted[work.slot() - firstSlot] = true;
            targetedCount++;
        } else {
            mayGiveBack();
        }
        long lease = leases.add(work);
        if (leases.size() <= slots) {
            runsMore(1);
        }
        return lease;
    }

    /** Closes a lease and returns its work; null if it is not open. */
    @Nullable Work<P> close(long lease) {
        Work<P> work = leases.remove(lease);
        if (work != null && leases.size() < slots) {
            runsMore(-1);
        }
        if (work != null && work.slot() >= 0) {
            targeted[work.slot() - firstSlot] = false;
            targetedCount--;
        }
        return work;
    }

    private void runsMore(int one) {
        if (!gone) {
            all.add(one);
        }
        if (serving) {
            all.addIdle(-one);
        }
    }

    /** A lease that it was given has come back, and has not started. */
    void hasNotRun() {
        runsLeft++;
    }

    /** True once, when it has been given as much as it may run. */
    boolean wearsOut() {
        boolean now = runsLeft == 0 && !wornOut;
        wornOut |= now;
        return now;
    }

    /** It is to be replaced, for it has been given as much as it may run. */
    boolean isWornOut() {
        return wornOut;
    }

    /** It could not be replaced, and may run as much again if it had run enough. */
    void servesOn() {
        if (wornOut) {
            wornOut = false;
            runsLeft = runs;
        }
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
