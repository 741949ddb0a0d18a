package dev.shunt.dispatch;

import java.util.ArrayDeque;
import java.util.Deque;

/** One child as its dispatcher sees it: what it was given, what waits for it alone, whether it takes more. */
final class ChildLoad<P> {

    private final int slots;
    private final Deque<Work<P>> own = new ArrayDeque<>();
    private Leases<P> leases = new Leases<>();
    private boolean up;
    private boolean takingBack;
    private int lanes;

    ChildLoad(int slots) {
        this.slots = slots;
    }

    int slots() {
        return slots;
    }

    Leases<P> leases() {
        return leases;
    }

    /** Work in a lane of this child, ready to be leased. */
    Deque<Work<P>> own() {
        return own;
    }

    boolean isUp() {
        return up;
    }

    void up(boolean value) {
        up = value;
    }

    /** A successor starts with no leases, and with a slot table of its own. */
    void died() {
        up = false;
        takingBack = false;
        leases = new Leases<>();
    }

    int running() {
        return Math.min(leases.size(), slots);
    }

    /** How many leases cannot have started yet, because as many as there are slots came before them. */
    int ahead() {
        return Math.max(0, leases.size() - slots);
    }

    boolean hasIdleSlot() {
        return up && leases.size() < slots;
    }

    boolean takes(int aheadPerSlot) {
        return up && leases.size() < slots + aheadPerSlot * slots && !leases.isFull();
    }

    boolean isTakingBack() {
        return takingBack;
    }

    void takingBack(boolean value) {
        takingBack = value;
    }

    int lanes() {
        return lanes;
    }

    void addLanes(int count) {
        lanes += count;
    }
}
