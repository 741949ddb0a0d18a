package dev.shunt.dispatch;

import dev.shunt.dispatch.Ending.Lost;
import dev.shunt.dispatch.Ending.Rejected;
import dev.shunt.time.Clock;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.OptionalLong;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.function.LongPredicate;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Gives one group's work to its children. Free work goes to whichever child has an idle slot; work in a lane to the lane's
 * child. Work is sent ahead of an idle slot only while runs are short, and what was sent ahead is taken back when another
 * child falls idle, so nothing slow holds up anything else while a slot is free.
 *
 * <p>Single-threaded: its owner steps it, and effects are called within the step. A child that dies is told of once, with
 * what it had started: that, and nothing else, was an attempt.
 */
public final class Dispatcher<P> {

    /** How much work, by its usual run time, may wait ahead of each slot: a few times the cost of a wake-up. */
    private static final long AHEAD_NANOS = 1_000_000;

    private static final int MAX_AHEAD = 512;

    /** In a lane there is no other child to wait for, so sending ahead holds up nothing. */
    private static final int LANE_AHEAD = 64;

    private final List<ChildLoad<P>> children;
    private final Clock clock;
    private final Effects<P> effects;
    private final RandomGenerator random;
    private final int maxWaiting;
    private final Deque<Work<P>> waiting = new ArrayDeque<>();
    private final PriorityQueue<Work<P>> delayed = new PriorityQueue<>(Comparator.comparingLong(Work::dueNanos));
    private long nextOrder;
    private long usualRunNanos = Long.MAX_VALUE;
    private @Nullable String stopping;
    private long retried;

    /**
     * @param slots of each child
     * @param maxWaiting free work that may wait; more is rejected
     * @param random for the jitter of retries
     */
    public Dispatcher(List<Integer> slots, int maxWaiting, Clock clock, RandomGenerator random, Effects<P> effects) {
        this.children = slots.stream().map(ChildLoad<P>::new).toList();
        this.maxWaiting = maxWaiting;
        this.clock = clock;
        this.random = random;
        this.effects = effects;
    }

    /** A new lane on the child that has the fewest. */
    public Lane<P> openLane() {
        int child = IntStream.range(0, children.size())
                .boxed()
                .min(Comparator.comparingInt(c -> children.get(c).lanes()))
                .orElseThrow();
        children.get(child).addLanes(1);
        return new Lane<>(child);
    }

    /** Call when nothing more will be submitted to it and all of it has ended. */
    public void closeLane(Lane<P> lane) {
        children.get(lane.child()).addLanes(-1);
    }

    public void submit(Work<P> work) {
        Lane<P> lane = work.lane();
        if (stopping != null && !work.isLast()) {
            effects.ended(work, new Rejected(stopping));
        } else if (lane != null) {
            if (lane.enter(work)) {
                enqueue(lane.child(), work);
            }
        } else if (queued() >= maxWaiting) {
            effects.ended(work, new Rejected("the queue is full: " + maxWaiting + " tasks wait already"));
        } else {
            enqueue(work);
        }
    }

    public void childUp(int child) {
        children.get(child).up(true);
        fill(child);
        helpIdle();
    }

    /** No more work for this child; what has not started there is taken back. It may still settle what runs. */
    public void childLeaving(int child) {
        children.get(child).up(false);
        takeAllBack(child);
    }

    /**
     * A child is gone. What it had not started waits again, at the front; what it had started is retried or lost.
     *
     * @param started tells for a lease whether the child had started it
     * @param how the child ended, for the reason of what is lost
     */
    public void childDown(int child, LongPredicate started, String how) {
        var load = children.get(child);
        var open = load.leases().inOrder();
        load.died();
        for (var lease : open.reversed()) {
            if (!started.test(lease.lease())) {
                putBack(lease.work());
            }
        }
        for (var lease : open) {
            if (started.test(lease.lease())) {
                attemptLost(lease.work(), how);
            }
        }
        fillAll();
        helpIdle();
    }

    /**
     * A child has run a lease to its end.
     *
     * @return its work, now over and forgotten; null if it is to be retried, or the lease is not open
     */
    public @Nullable Work<P> settled(int child, long lease, boolean failed, long runNanos) {
        Work<P> work = children.get(child).leases().remove(lease);
        if (work == null) {
            return null;
        }
        learn(runNanos);
        boolean again = failed && stopping == null && work.mayRetry();
        if (again) {
            delay(work);
        } else {
            leaveLane(work);
        }
        fill(child);
        helpIdle();
        return again ? null : work;
    }

    /** A child gives leases back that had not started. */
    public void takenBack(int child, List<Long> leases) {
        var load = children.get(child);
        load.takingBack(false);
        var works = new ArrayDeque<Work<P>>();
        for (long lease : leases) {
            Work<P> work = load.leases().remove(lease);
            if (work != null) {
                works.add(work);
            }
        }
        works.stream()
                .sorted(Comparator.<Work<P>>comparingLong(Work::order).reversed())
                .forEach(this::putBack);
        fillAll();
        if (!leases.isEmpty()) {
            helpIdle(); // else what is ahead there is on its way still, and asking again would not bring it back
        }
    }

    /** What a child has and will never settle is retried or lost; the child lives on. */
    public void abandon(int child, String how) {
        var load = children.get(child);
        for (var open : load.leases().inOrder()) {
            load.leases().remove(open.lease());
            attemptLost(open.work(), how);
        }
    }

    /** Makes what is due ready to run. */
    public void tick() {
        long now = clock.nanoTime();
        for (Work<P> next = delayed.peek(); next != null && next.dueNanos() - now <= 0; next = delayed.peek()) {
            delayed.remove();
            enqueue(next);
        }
    }

    /** When {@link #tick} has something to do, in the clock's nanoseconds. */
    public OptionalLong nextDueNanos() {
        Work<P> next = delayed.peek();
        return next == null ? OptionalLong.empty() : OptionalLong.of(next.dueNanos());
    }

    /** Rejects what waits and whatever comes from now on, but for the last of each lane; what runs may end. */
    public void stop(String reason) {
        stopping = reason;
        for (int child = 0; child < children.size(); child++) {
            takeAllBack(child);
        }
        var rest = new ArrayDeque<Work<P>>();
        drain(waiting, rest);
        drain(delayed, rest);
        children.forEach(load -> drain(load.own(), rest));
        rest.forEach(this::rejectUpToLast);
    }

    /** What children have been given and not settled. */
    public List<P> leased() {
        return children.stream()
                .flatMap(load -> load.leases().inOrder().stream())
                .map(open -> open.work().payload())
                .toList();
    }

    /** Nothing is leased to any child. */
    public boolean isIdle(int child) {
        return children.get(child).leases().size() == 0;
    }

    public boolean isIdle() {
        return children.stream().allMatch(load -> load.leases().size() == 0);
    }

    /** What waits: here, for a retry, or ahead in a child. */
    public int queued() {
        int ahead = 0;
        for (var load : children) {
            ahead += load.ahead() + load.own().size();
        }
        return waiting.size() + delayed.size() + ahead;
    }

    /** Free work that waits here for any slot; of what is queued, the part that no child has. */
    int waiting() {
        return waiting.size();
    }

    public int running() {
        return children.stream().mapToInt(ChildLoad::running).sum();
    }

    public long retried() {
        return retried;
    }

    private void takeAllBack(int child) {
        var load = children.get(child);
        if (load.leases().size() > 0) {
            load.takingBack(true);
            effects.takeBack(child, Leases.MAX);
        }
    }

    private void enqueue(Work<P> work) {
        int child = waiting.isEmpty() ? childFor() : -1;
        if (child >= 0) {
            lease(child, work);
        } else {
            waiting.add(work);
        }
    }

    private void enqueue(int child, Work<P> work) {
        var load = children.get(child);
        if (load.own().isEmpty() && load.takes(LANE_AHEAD)) {
            lease(child, work);
        } else {
            load.own().add(work);
        }
    }

    private void lease(int child, Work<P> work) {
        work.leased(nextOrder++);
        effects.lease(child, children.get(child).leases().add(work), work);
    }

    /** The child with most idle slots; if none is idle, the one with least ahead of its slots, if it takes any; else -1. */
    private int childFor() {
        int ahead = aheadPerSlot();
        int best = -1;
        double bestLoad = Double.MAX_VALUE;
        for (int child = 0; child < children.size(); child++) {
            var load = children.get(child);
            double relative = (double) load.leases().size() / load.slots();
            if (load.takes(ahead) && relative < bestLoad) {
                best = child;
                bestLoad = relative;
            }
        }
        return best;
    }

    private void fill(int child) {
        fillOwn(child);
        var load = children.get(child);
        int ahead = aheadPerSlot();
        while (!waiting.isEmpty() && load.takes(ahead)) {
            lease(child, waiting.remove());
        }
    }

    /** As {@link #fill}, for when any child may have room: the idlest is served first. */
    private void fillAll() {
        for (int child = 0; child < children.size(); child++) {
            fillOwn(child);
        }
        for (int child = childFor(); !waiting.isEmpty() && child >= 0; child = childFor()) {
            lease(child, waiting.remove());
        }
    }

    private void fillOwn(int child) {
        var load = children.get(child);
        while (!load.own().isEmpty() && load.takes(LANE_AHEAD)) {
            lease(child, load.own().remove());
        }
    }

    /** While a slot is idle and nothing waits here, half of what is ahead elsewhere is taken back; never from lanes. */
    private void helpIdle() {
        int most = -1;
        boolean idle = false;
        for (int child = 0; child < children.size(); child++) {
            var load = children.get(child);
            idle |= load.hasIdleSlot();
            if (load.lanes() == 0
                    && load.ahead() > (most < 0 ? 0 : children.get(most).ahead())) {
                most = child;
            }
        }
        if (idle && most >= 0 && waiting.isEmpty() && !children.get(most).isTakingBack()) {
            children.get(most).takingBack(true);
            effects.takeBack(most, (children.get(most).ahead() + 1) / 2);
        }
    }

    /** Back to the front of where it waited, for it had not started. */
    private void putBack(Work<P> work) {
        work.notStarted();
        Lane<P> lane = work.lane();
        if (stopping != null) {
            rejectUpToLast(work);
        } else if (lane != null) {
            children.get(lane.child()).own().addFirst(work);
        } else {
            waiting.addFirst(work);
        }
    }

    private void attemptLost(Work<P> work, String how) {
        if (stopping == null && work.mayRetry()) {
            delay(work);
        } else {
            leaveLane(work);
            effects.ended(work, new Lost(how));
        }
    }

    private void delay(Work<P> work) {
        retried++;
        work.dueAt(clock.nanoTime() + work.backoffNanos(random.nextDouble()));
        delayed.add(work);
    }

    private void leaveLane(Work<P> work) {
        Lane<P> lane = work.lane();
        Work<P> next = lane == null ? null : lane.leave();
        if (lane != null && next != null) {
            if (stopping == null) {
                enqueue(lane.child(), next);
            } else {
                rejectUpToLast(next);
            }
        }
    }

    /** Rejects the work and all that waits behind it in its lane, up to the last of the lane, which goes on. */
    private void rejectUpToLast(Work<P> work) {
        String reason = stopping == null ? "not taken" : stopping;
        for (Work<P> next = work; next != null; ) {
            Lane<P> lane = next.lane();
            if (lane != null && next.isLast()) {
                enqueue(lane.child(), next);
                return;
            }
            effects.ended(
                    next, next.attempt() == 0 ? new Rejected(reason) : new Lost(reason + ", before it was retried"));
            next = lane == null ? null : lane.leave();
        }
    }

    private void learn(long runNanos) {
        usualRunNanos = usualRunNanos == Long.MAX_VALUE ? runNanos : usualRunNanos + (runNanos - usualRunNanos) / 8;
    }

    private int aheadPerSlot() {
        return (int) Math.min(MAX_AHEAD, AHEAD_NANOS / Math.max(1, usualRunNanos));
    }

    private static <T> void drain(Queue<T> from, Deque<T> to) {
        to.addAll(from);
        from.clear();
    }
}
