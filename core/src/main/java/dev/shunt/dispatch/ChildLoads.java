package dev.shunt.dispatch;

import dev.shunt.dispatch.Leases.Open;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The children of a group: at each place the one that serves there, if any, and all that leave, which may still run
 * something beside their successors. The group's slots are numbered through all places.
 */
final class ChildLoads<P> {

    /** By place: the first slot there; at the end, how many slots there are. */
    private int[] firstSlots = {0};

    private final List<@Nullable ChildLoad<P>> serving;
    private final List<ChildLoad<P>> leaving = new ArrayList<>();
    private final Running running = new Running();

    /** Of those that leave, by place: the ones that had run enough, which may take their time with what they run. */
    private final List<List<ChildLoad<P>>> wornOut = new ArrayList<>();

    /** How much all of them run, and how many slots of those that serve run nothing. */
    static final class Running {
        private int count;
        private int idle;

        void add(int more) {
            count += more;
        }

        void addIdle(int more) {
            idle += more;
        }
    }

    /** @param slots of each place */
    ChildLoads(List<Integer> slots) {
        serving = new ArrayList<>();
        resize(slots);
    }

    /** There are other places from now on; nobody serves at those that are no more, though some may leave there. */
    void resize(List<Integer> slots) {
        var first = new int[slots.size() + 1];
        for (int place = 0; place < slots.size(); place++) {
            first[place + 1] = first[place] + slots.get(place);
        }
        firstSlots = first;
        while (serving.size() < slots.size()) {
            serving.add(null);
            wornOut.add(new ArrayList<>());
        }
        for (int place = 0; place < slots.size(); place++) {
            ChildLoad<P> child = serving.get(place);
            if (child != null) {
                child.resize(slots.get(place));
            }
        }
    }

    int places() {
        return firstSlots.length - 1;
    }

    /** The slot itself, or, if it is no more, one that stands for it. */
    int standing(int slot) {
        return slot < slots() ? slot : slot % slots();
    }

    int slots() {
        return firstSlots[places()];
    }

    String noSlot(int slot) {
        return "there is no slot " + slot + ", only 0 to " + (slots() - 1);
    }

    int firstSlot(int place) {
        return firstSlots[place];
    }

    int slotsOf(int place) {
        return firstSlots[place + 1] - firstSlots[place];
    }

    int placeOf(int slot) {
        int place = 0;
        while (firstSlots[place + 1] <= slot) {
            place++;
        }
        return place;
    }

    /** Null while there is none. */
    @Nullable ChildLoad<P> serving(int place) {
        return serving.get(place);
    }

    /** @param runs that the child may be given until it is to be replaced; 0 for any number */
    ChildLoad<P> add(int place, long runs) {
        var child = new ChildLoad<P>(place, firstSlots[place], slotsOf(place), runs, wornOut.get(place), running);
        serving.set(place, child);
        return child;
    }

    void leaves(ChildLoad<P> child) {
        child.leaves();
        if (child.equals(serving.get(child.place()))) {
            serving.set(child.place(), null);
            leaving.add(child);
            if (child.isWornOut()) {
                wornOut.get(child.place()).add(child);
            }
        }
    }

    void remove(ChildLoad<P> child) {
        leaves(child);
        child.gone();
        leaving.remove(child);
        wornOut.get(child.place()).remove(child);
    }

    /** All that serve or leave. */
    List<ChildLoad<P>> all() {
        var all = new ArrayList<ChildLoad<P>>();
        for (ChildLoad<P> child : serving) {
            if (child != null) {
                all.add(child);
            }
        }
        all.addAll(leaving);
        return all;
    }

    /** What they have been given and not settled. */
    Stream<Work<P>> leased() {
        return all().stream()
                .flatMap(child -> child.leases().inOrder().stream())
                .map(Open::work);
    }

    /** The child that has this work; null if none has. */
    @Nullable ChildLoad<P> holderOf(Work<P> work) {
        for (int place = 0; work.isLeased() && place < serving.size(); place++) {
            ChildLoad<P> child = serving.get(place);
            if (child != null && child.has(work)) {
                return child;
            }
        }
        for (int i = 0; work.isLeased() && i < leaving.size(); i++) {
            if (leaving.get(i).has(work)) {
                return leaving.get(i);
            }
        }
        return null;
    }

    /** The one with most idle slots; if none is idle, the one with least for its slots, if it takes any; else null. */
    @Nullable ChildLoad<P> idlest(int prefetchPerSlot) {
        ChildLoad<P> best = null;
        long bestLoad = 0;
        for (int place = 0; place < serving.size(); place++) {
            ChildLoad<P> child = serving.get(place);
            if (child != null && child.takes(prefetchPerSlot)) {
                long load = child.twiceLoad();
                if (best == null || load * best.slots() < bestLoad * child.slots()) {
                    best = child;
                    bestLoad = load;
                }
            }
        }
        return best;
    }

    /** Whether a child that serves has a slot without a lease; one that waits for its own slot counts as running. */
    boolean runLessThanTheyCould() {
        return running.idle > 0;
    }

    int idleSlots() {
        int idle = 0;
        for (int place = 0; place < serving.size(); place++) {
            ChildLoad<P> child = serving.get(place);
            idle += child == null ? 0 : child.idleSlots();
        }
        return idle;
    }

    int running() {
        return running.count;
    }
}
