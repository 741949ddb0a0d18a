package dev.shunt.dispatch;

import dev.shunt.dispatch.Leases.Open;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Which work goes to which child, once nothing but a slot is wanted: tasks as their type's rate lets them through, to the
 * child with most idle slots, or to the one that has their slot; events to the child at their sequence's place. A child
 * prefetches while runs are short, and what it has prefetched is taken back when another one falls idle.
 *
 * <pre>
 *   add ──► limited ──► ready ──refill──► leased ──close──► the dispatcher's again
 *              ▲          ▲                                    │
 *              └──────────┴──────────────putBack───────────────┘
 * </pre>
 */
final class Leasing<P> {

    private final ChildLoads<P> children;
    private final EventSequences<P> sequences;
    private final Overtime<P> overtime;
    private final Effects<P> effects;
    private final RateLimiter<P> rates;
    private final ReadyTasks<P> ready = new ReadyTasks<>();
    private final SlotQueues<P> slotQueues;
    private final Prefetch prefetch = new Prefetch();
    private final Pauses<P> pauses;
    private long nextOrder;

    Leasing(
            ChildLoads<P> children,
            EventSequences<P> sequences,
            Overtime<P> overtime,
            RateLimiter<P> rates,
            Effects<P> effects) {
        this.children = children;
        this.sequences = sequences;
        this.overtime = overtime;
        this.rates = rates;
        this.slotQueues = new SlotQueues<>();
        this.effects = effects;
        this.pauses = new Pauses<>(effects::asker);
    }

    // What comes in

    /** A task that wants a slot: now, or when its type's rate allows it. */
    void add(Work<P> task) {
        if (rates.enter(task)) {
            enqueue(task);
        }
    }

    /** Lets on what its type's rate allows by now. */
    void addLimited() {
        for (Work<P> next = rates.poll(); next != null; next = rates.poll()) {
            enqueue(next);
        }
    }

    private void enqueue(Work<P> task) {
        if (pauses.holds(task)) {
            return;
        }
        if (task.slot() >= 0) {
            slotQueues.of(standing(task)).add(task);
            fillSlots(children.placeOf(task.slot()));
            rebalance(); // it may run before a task that any slot could run
            return;
        }
        boolean free = ready.isEmpty() && !pauses.all();
        ChildLoad<P> child = free ? children.idlest(prefetch.perSlot()) : null;
        if (child != null && mayHave(child, task)) {
            lease(child, task);
        } else {
            ready.add(task);
        }
    }

    /** The slot that it is for; another one, if that is no more. */
    private int standing(Work<P> task) {
        int slot = children.standing(task.slot());
        if (slot != task.slot()) {
            task.standsFor(slot);
        }
        return slot;
    }

    /**
     * There are so many slots at each place from now on. The caller has had those leave that serve at places that are no more;
     * what waits for them goes to others.
     */
    void resize(List<Integer> slots) {
        children.resize(slots);
        sequences.resize(slots.size());
        slotQueues.from(children.slots()).forEach(this::enqueue);
        refillAll();
    }

    int slots() {
        return children.slots();
    }

    private static <P> boolean mayHave(ChildLoad<P> child, Work<P> task) {
        return task.isPrefetched() || child.anywhere() < child.slots();
    }

    /** Back to the front of where it waited, for it had not started. The caller refills. */
    void putBack(Work<P> task) {
        if (pauses.takesBack(task)) {
            return;
        }
        if (task.slot() >= 0) {
            slotQueues.of(standing(task)).addFirst(task);
        } else {
            WaitQueue<P> limited = rates.queueOf(task);
            if (limited == null) {
                ready.putBack(task);
            } else {
                limited.addFirst(task);
            }
        }
    }

    // Leases

    /** Not if its deadline has passed: then its alarm, which is due, ends it. */
    private void lease(ChildLoad<P> child, Work<P> work) {
        if (overtime.isPastDeadline(work)) {
            return;
        }
        long number = child.give(work);
        work.leased(number, nextOrder++);
        rates.leased(work);
        overtime.leased(work);
        effects.lease(child, number, work);
        if (child.wearsOut() && !effects.wornOut(child)) {
            child.servesOn();
        }
    }

    /** A child has run a lease to its end; null if it is not open. */
    @Nullable Work<P> settled(ChildLoad<P> child, long lease, long runNanos) {
        Work<P> work = close(child, lease);
        if (work != null) {
            prefetch.ran(runNanos);
            child.settled();
        }
        return work;
    }

    /** A child has given leases back; returns their works, those leased last first. */
    List<Work<P>> takenBack(ChildLoad<P> child, List<Long> leases) {
        child.takingBack(false);
        var works = new ArrayList<Work<P>>();
        for (long lease : leases) {
            Work<P> work = close(child, lease);
            if (work != null) {
                child.hasNotRun();
                works.add(work);
            }
        }
        if (works.stream().allMatch(work -> work.slot() >= 0 && !overtime.isInterrupted(work))) {
            child.gaveNothingBack(); // unless it answers an interrupt
        } else if (works.stream().anyMatch(work -> work.slot() < 0 && !overtime.isInterrupted(work))) {
            child.provedBusy();
        }
        works.sort(Comparator.<Work<P>>comparingLong(Work::order).reversed());
        return works;
    }

    /** What a child has will not be settled by it; returns that, in the order in which it was leased. */
    List<Open<P>> closeAll(ChildLoad<P> child) {
        List<Open<P>> open = child.leases().inOrder();
        open.forEach(lease -> close(child, lease.lease()));
        return open;
    }

    private @Nullable Work<P> close(ChildLoad<P> child, long lease) {
        Work<P> work = child.close(lease);
        if (work != null) {
            overtime.leaseClosed(work);
        }
        return work;
    }

    /** Asks for all that has not started. */
    void takeAllBack(ChildLoad<P> child) {
        if (child.leases().size() > 0) {
            child.takingBack(true);
            effects.takeBack(child, Leases.MAX);
        }
    }

    void takeAllBack() {
        for (int place = 0; place < children.places(); place++) {
            ChildLoad<P> child = children.serving(place);
            if (child != null) {
                takeAllBack(child);
            }
        }
    }

    // Who gets what

    /** This child may take more. */
    void refill(ChildLoad<P> child) {
        fillEvents(child.place());
        fillSlots(child.place());
        int perSlot = prefetch.perSlot();
        while (mayLease() && child.takes(perSlot) && leaseReady(child)) {}
        rebalance();
    }

    /** Any child may take more: the idlest is served first. */
    void refillAll() {
        addLimited();
        fillEvents();
        for (int place = 0; place < children.places(); place++) {
            fillSlots(place);
        }
        int perSlot = prefetch.perSlot();
        for (var child = children.idlest(perSlot); mayLease() && child != null && leaseReady(child); ) {
            child = children.idlest(perSlot);
        }
        rebalance();
    }

    private boolean mayLease() {
        return !ready.isEmpty() && !pauses.all();
    }

    /** False if the next one waits until the child has a slot for it. */
    private boolean leaseReady(ChildLoad<P> child) {
        Work<P> next = ready.poll();
        if (next != null && pauses.holds(next)) {
            return true;
        }
        if (next != null && !mayHave(child, next)) {
            ready.queueFor(next).addFirst(next);
            return false;
        }
        if (next != null) {
            lease(child, next);
        }
        return true;
    }

    void fillEvents() {
        for (int place = 0; place < children.places(); place++) {
            fillEvents(place);
        }
    }

    void fillEvents(int place) {
        ChildLoad<P> child = children.serving(place);
        WaitQueue<P> events = sequences.readyAt(place);
        while (child != null && !events.isEmpty() && child.takes(Prefetch.EVENTS_PER_SLOT)) {
            Work<P> event = events.poll();
            if (event != null) {
                lease(child, event);
            }
        }
    }

    private void fillSlots(int place) {
        ChildLoad<P> child = children.serving(place);
        if (child == null || slotQueues.isUnused() || pauses.all()) {
            return;
        }
        int first = children.firstSlot(place);
        for (int slot = first; slot < first + child.slots(); slot++) {
            WaitQueue<P> tasks = slotQueues.of(slot);
            while (!tasks.isEmpty() && child.takesFor(slot)) {
                Work<P> next = tasks.poll();
                if (next != null && !pauses.holds(next)) {
                    lease(child, next);
                }
            }
        }
    }

    Pauses<P> pauses() {
        return pauses;
    }

    /** What has not started is taken back, or all that waits may start. */
    boolean pause(boolean paused) {
        boolean changes = pauses.all(paused);
        if (changes && paused) {
            takeAllBack();
        } else if (changes) {
            refillAll();
        }
        return changes;
    }

    /** As above, with tasks of one type. */
    boolean pause(int type, boolean paused) {
        if (paused) {
            boolean changes = pauses.pause(type);
            if (changes) {
                takeAllBack();
            }
            return changes;
        }
        return enqueued(pauses.resume(type));
    }

    /** As above, with what this one has asked for. */
    boolean pauseOf(Object asker, boolean paused) {
        if (!paused) {
            return enqueued(pauses.resumeOf(asker));
        }
        boolean changes = pauses.pauseOf(asker);
        if (changes) {
            takeAllBack();
        }
        return changes;
    }

    private boolean enqueued(@Nullable List<Work<P>> waited) {
        if (waited != null) {
            waited.forEach(this::enqueue);
        }
        return waited != null;
    }

    /** While a slot is idle and nothing waits here, half of what one child has prefetched is taken back; never events. */
    private void rebalance() {
        if (!ready.isEmpty() || (slotQueues.isUnused() && !children.runLessThanTheyCould())) {
            return; // as nearly always, and looking at each child costs
        }
        ChildLoad<P> most = null;
        boolean idle = false;
        for (int place = 0; place < children.places(); place++) {
            ChildLoad<P> child = children.serving(place);
            if (child != null) {
                idle |= child.hasIdleSlot();
                boolean gives = !sequences.hasOpenAt(place) && !child.givesNothingBack();
                if (gives && child.prefetched() > (most == null ? 0 : most.prefetched())) {
                    most = child;
                }
            }
        }
        if (idle && most != null && !most.isTakingBack()) {
            most.takingBack(true);
            effects.takeBack(most, (most.prefetched() + 1) / 2);
        }
    }

    /** When {@link #addLimited} has something to do. */
    OptionalLong nextDueNanos() {
        return rates.nextDueNanos();
    }

    int waitingEvents() {
        return sequences.size();
    }

    int ready() {
        return ready.size();
    }

    /** As {@link Dispatcher#sizes}. */
    Map<String, Integer> sizes() {
        return Map.of(
                "ready", ready.size(),
                "paused", pauses.size(),
                "rateLimited", rates.size(),
                "at places", slotQueues.size() + sequences.size());
    }
}
