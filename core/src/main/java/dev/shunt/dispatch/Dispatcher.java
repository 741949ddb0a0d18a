package dev.shunt.dispatch;

import dev.shunt.dispatch.AlarmQueue.Alarm;
import dev.shunt.dispatch.AlarmQueue.Kind;
import dev.shunt.dispatch.Ending.Cancelled;
import dev.shunt.dispatch.Ending.Kept;
import dev.shunt.dispatch.Ending.Lost;
import dev.shunt.dispatch.Ending.Rejected;
import dev.shunt.task.Unique;
import dev.shunt.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.LongPredicate;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Gives one group's work to its children. A task passes the gates in the order in which they stand here: room, its
 * unique key, its delay, its ordering key, its type's rate; then it goes to whichever child has an idle slot, an event
 * to the child at its sequence's place. A child prefetches only while runs are short, and what it has prefetched is
 * taken back when another child falls idle, so nothing slow holds up anything else while a slot is free.
 *
 * <p>Single-threaded: its owner steps it, and effects are called within the step. A child that dies is told of once, with
 * what it had started: that, and nothing else, was an attempt.
 */
public final class Dispatcher<P> {

    private final DispatcherOptions options;
    private final Clock clock;
    private final Effects<P> effects;
    private final RandomGenerator random;
    private final LiveTasks<P> live = new LiveTasks<>();
    private final AlarmQueue<P> alarms = new AlarmQueue<>();
    private final Keys<P> keys = new Keys<>();
    private final Delays<P> delays;
    private final Aside<P> aside = new Aside<>();
    private final EventSequences<P> sequences;
    private final ChildLoads<P> children;
    private final Overtime<P> overtime;
    private final Retries<P> retries;
    private final Leasing<P> leasing;
    private @Nullable String stopping;

    /**
     * @param slots of each place
     * @param random for the jitter of retries and for when a child has run enough
     */
    public Dispatcher(
            List<Integer> slots, DispatcherOptions options, Clock clock, RandomGenerator random, Effects<P> effects) {
        this.options = options;
        this.clock = clock;
        this.random = random;
        this.effects = effects;
        this.children = new ChildLoads<>(slots);
        this.delays = new Delays<>(alarms, clock);
        this.sequences = new EventSequences<>(slots.size(), effects);
        this.overtime = new Overtime<>(children, alarms, options.yieldGrace(), clock, effects);
        this.retries = new Retries<>(overtime, clock, random);
        this.leasing = new Leasing<>(children, sequences, overtime, new RateLimiter<>(options.rates(), clock), effects);
    }

    /** A new sequence at the place that has the fewest. */
    public Sequence<P> openSequence() {
        return sequences.open();
    }

    /** Call when nothing more will be submitted to it and all of it has ended. */
    public void closeSequence(Sequence<P> sequence) {
        sequences.close(sequence);
    }

    // What comes in: the gates

    public void submit(Work<P> work) {
        if (stopping != null && !work.isLast()) {
            effects.ended(work, work.stoppedBy(stopping));
        } else if (work.isEvent()) {
            sequences.submit(work);
            leasing.fillEvents(EventSequences.placeOf(work));
        } else if (work.slot() >= children.slots()) {
            effects.ended(work, new Rejected(children.noSlot(work.slot())));
        } else if (!work.policy().durable() && queued() >= options.maxQueued()) { // a log has the durable ones already
            effects.ended(work, new Rejected("the queue is full: " + options.maxQueued() + " tasks wait already"));
        } else {
            live.add(work);
            overtime.submitted(work);
            delays.submitted(work);
            takeUniqueKey(work);
        }
    }

    private void takeUniqueKey(Work<P> work) {
        Unique unique = work.policy().unique();
        Work<P> holder = keys.takeUnique(work);
        if (unique == null || holder == null) {
            waitDelay(work);
            return;
        }
        String key = unique.key();
        switch (unique.policy()) {
            case DROP -> end(work, new Rejected("a task with the unique key '" + key + "' is not over yet"));
            case JOIN -> {
                aside.add(work);
                keys.unique().join(key, work);
            }
            case REPLACE -> {
                aside.add(work);
                endNext(key);
                keys.unique().replace(key, work);
                cancel(holder);
            }
        }
    }

    private void endNext(String uniqueKey) {
        Work<P> next = keys.unique().next(uniqueKey);
        if (next != null) {
            end(next, new Cancelled());
        }
    }

    private void waitDelay(Work<P> work) {
        if (delays.isDue(work)) {
            takeOrderingKey(work);
            return;
        }
        aside.add(work);
        if (work.attempt() == 0 || keys.enterOrdering(work)) { // a retry holds its key, as before a restart
            delays.waitUntilDue(work);
        }
    }

    private void takeOrderingKey(Work<P> work) {
        if (keys.enterOrdering(work)) {
            wantsSlot(work);
        } else {
            aside.add(work);
        }
    }

    private void wantsSlot(Work<P> work) {
        aside.remove(work);
        leasing.add(work);
    }

    /** Ends a task that waits, or asks the handler that runs it to end; nothing happens to one that is over. */
    public void cancel(Work<P> work) {
        if (!work.over) {
            endIf(work, overtime.cancelled(work));
        }
    }

    // What children do

    /** A child serves a place from now on; the one that did before is leaving. */
    public ChildLoad<P> childUp(int place) {
        ChildLoad<P> before = children.serving(place);
        if (before != null) {
            childLeaving(before);
        }
        ChildLoad<P> child = children.add(place, options.runsOf(children.slotsOf(place), random));
        sequences.served(place);
        leasing.refill(child);
        return child;
    }

    /** No more work for this child; what has not started there is taken back. It may still settle what runs. */
    public void childLeaving(ChildLoad<P> child) {
        children.leaves(child);
        leasing.takeAllBack(child);
    }

    /** There was no successor to be had: it serves on, and is to be replaced again when it has run as much again. */
    public void notReplaced(ChildLoad<P> child) {
        child.servesOn();
        leasing.refill(child);
    }

    /**
     * A child is gone. What it had not started waits again, at the front; what it had started is retried or lost.
     *
     * @param started tells for a lease whether the child had started it
     * @param how the child ended, for the reason of what is lost
     */
    public void childDown(ChildLoad<P> child, LongPredicate started, String how) {
        children.remove(child);
        var open = leasing.closeAll(child);
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
        leasing.refillAll();
    }

    /**
     * A child has run a lease to its end.
     *
     * @param failed what its handler decided about its failure; null if it did not fail
     * @return its work, now over and forgotten; null if it is to be retried, has ended otherwise, or the lease is not open
     */
    public @Nullable Work<P> settled(ChildLoad<P> child, long lease, @Nullable Failed failed, long runNanos) {
        Work<P> work = leasing.settled(child, lease, runNanos);
        if (work == null) {
            return null;
        }
        Work<P> settled = null;
        if (work.over) {
            handlerEnded(work);
        } else {
            work.attemptEnded();
            if (failed == null || !endsOtherwise(work, failed)) {
                close(work);
                settled = work;
            }
        }
        refill(child);
        return settled;
    }

    /** It may take more; if it leaves, its successor may have had to wait for its slots. */
    private void refill(ChildLoad<P> child) {
        leasing.refill(child);
        ChildLoad<P> successor = child.isServing() ? null : children.serving(child.place());
        if (successor != null) {
            leasing.refill(successor);
        }
    }

    /** A child gives leases back that had not started. */
    public void takenBack(ChildLoad<P> child, List<Long> leases) {
        leasing.takenBack(child, leases).forEach(this::putBack);
        leasing.refillAll();
    }

    /** What a child has and will never settle is retried or lost; the child lives on. */
    public void abandon(ChildLoad<P> child, String how) {
        leasing.closeAll(child).forEach(lease -> attemptLost(lease.work(), how));
        child.settled();
        refill(child);
    }

    // What time does

    /** Does what is due. */
    public void tick() {
        delays.look();
        long now = clock.nanoTime();
        for (Alarm<P> alarm = alarms.poll(now); alarm != null; alarm = alarms.poll(now)) {
            try {
                rang(alarm);
            } catch (RuntimeException | Error e) { // others are due as well
                effects.broke(alarm.work(), e);
            }
        }
        leasing.addLimited();
    }

    private void rang(Alarm<P> alarm) {
        if (alarm.kind() != Kind.DUE) {
            endIf(alarm.work(), overtime.rang(alarm));
        } else if (delays.rang(alarm)) {
            takeOrderingKey(alarm.work());
        }
    }

    /** What an error left between two gates is over; false if it is over already, or runs and ends by itself. */
    public boolean giveUp(Work<P> work) {
        if (work.over || work.isLeased()) {
            return false;
        }
        close(work);
        return true;
    }

    /** When {@link #tick} has something to do, in the clock's nanoseconds; any other step may bring it forward. */
    public OptionalLong nextDueNanos() {
        var alarmOrLook = AlarmQueue.first(alarms.nextDueNanos(), delays.nextLookNanos());
        return AlarmQueue.first(alarmOrLook, leasing.nextDueNanos());
    }

    // How it ends

    /** Rejects what waits and whatever comes from now on, but for the last of each sequence; what runs may end. */
    public void stop(String reason) {
        stopping = reason;
        leasing.takeAllBack();
        for (var work : live.copy()) {
            if (!work.over && !work.isLeased() && !keys.hasJoined(work)) {
                end(work, work.stoppedBy(reason));
            }
        }
        sequences.stop(reason);
        leasing.fillEvents();
    }

    /** Back to the front of where it waited, for it had not started. */
    private void putBack(Work<P> work) {
        if (work.over) {
            handlerEnded(work);
            return;
        }
        work.notStarted();
        Ending ending = overtime.endingOf(work);
        if (ending != null) {
            end(work, ending);
        } else if (work.isEvent()) {
            sequences.putBack(work);
        } else if (stopping != null) {
            end(work, work.stoppedBy(stopping));
        } else {
            leasing.putBack(work);
        }
    }

    private void attemptLost(Work<P> work, String how) {
        if (work.over) {
            handlerEnded(work);
            return;
        }
        work.attemptEnded();
        if (!endsOtherwise(work, Failed.BY_POLICY)) {
            end(work, stopping != null && work.policy().durable() ? new Kept() : new Lost(how));
        }
    }

    /** Whether this failure is not the task's end: another attempt comes, or it had to end before its handler did. */
    private boolean endsOtherwise(Work<P> work, Failed failed) {
        boolean mayWait = stopping == null || work.policy().durable();
        OptionalLong delay = mayWait ? retries.next(work, failed) : OptionalLong.empty();
        if (delay.isEmpty()) {
            return endIf(work, overtime.endingOf(work));
        }
        effects.retried(work, delay.getAsLong());
        if (stopping == null) {
            aside.add(work);
            delays.waitFor(work, delay.getAsLong());
        } else {
            end(work, new Kept());
        }
        return true;
    }

    private boolean endIf(Work<P> work, @Nullable Ending ending) {
        if (ending != null) {
            end(work, ending);
        }
        return ending != null;
    }

    private void end(Work<P> work, Ending ending) {
        close(work);
        effects.ended(work, ending);
    }

    /** Forgets a work and what ends with it, and lets go on what waited for it. */
    private void close(Work<P> work) {
        forget(work);
        if (work.isEvent()) {
            sequences.ended(work);
            leasing.fillEvents(EventSequences.placeOf(work));
        } else if (work.isLeased()) { // its handler runs on, and has its keys until it ends
            work.endsWith(keys.takeJoined(work));
            work.joined().forEach(this::forget);
        } else {
            leaveKeys(work);
        }
    }

    /** Of a work that is over already, for its handler could not be made to end; what joined it since hears the same. */
    private void handlerEnded(Work<P> work) {
        Ending ending = overtime.endingOf(work);
        if (work.isLeased() && ending != null) {
            work.attemptEnded();
            work.endsWith(List.of());
            leaveKeys(work);
            work.joined().forEach(joined -> effects.ended(joined, ending));
        }
    }

    private void leaveKeys(Work<P> work) {
        var left = keys.leaveUnique(work);
        work.endsWith(left.joined());
        left.joined().forEach(this::forget);
        Work<P> next = keys.leaveOrdering(work);
        if (next != null && stopping == null) {
            wantsSlot(next);
        }
        Work<P> successor = left.successor();
        if (successor != null && stopping == null) {
            waitDelay(successor);
        }
    }

    private void forget(Work<P> work) {
        work.over = true;
        WaitQueue<P> queue = work.queue;
        if (queue != null) {
            queue.ended();
        }
        aside.remove(work);
        delays.ended(work);
        alarms.ended(work);
        if (!work.isEvent()) {
            live.remove(work);
        }
    }

    // What it looks like

    /** What was given to this child under this lease; null if it is no longer open. */
    public @Nullable Work<P> leased(ChildLoad<P> child, long lease) {
        return child.leases().get(lease);
    }

    /** All that children have been given and not settled. */
    public List<P> leased() {
        return children.leased().map(Work::item).toList();
    }

    /** Nothing is leased to this child. */
    public boolean isIdle(ChildLoad<P> child) {
        return child.leases().size() == 0;
    }

    public boolean isIdle() {
        return children.all().stream().allMatch(this::isIdle);
    }

    public boolean isStopping() {
        return stopping != null;
    }

    /** How much of what there is now; to be asked between steps, by the owner, who may show it to other threads. */
    public DispatcherCounts counts() {
        return new DispatcherCounts(
                queued(), delays.size(), leasing.ready(), children.running(), children.idleSlots(), retries.count());
    }

    /** Tasks that wait: for their time, their turn or a slot, here or prefetched by a child. */
    public int queued() {
        return Math.max(0, live.size() - (children.running() - overtime.overrun()));
    }

    /** Of these, how many wait for their time or their turn, not for a slot. */
    public int aside() {
        return aside.size();
    }

    public long asideBytes() {
        return aside.bytes();
    }

    /** Whether some task has this unique key. */
    public boolean holdsUniqueKey(String key) {
        return keys.unique().holder(key) != null;
    }

    /** Whether some task has this ordering key. */
    public boolean holdsOrderingKey(String key) {
        return keys.ordering().isHeld(key);
    }

    /** Another task is to take this unique key: whatever holds it is cancelled, and what is to take it next. */
    public void giveUpUniqueKey(String key) {
        endNext(key);
        Work<P> holder = keys.unique().holder(key);
        if (holder != null) {
            cancel(holder);
        }
    }

    /** What there is, task by task, and how it is held up. */
    public Inside<P> inside() {
        return new Inside<>(live, leasing);
    }

    /** How much is kept of what; for tests, which find nothing left when everything is over. */
    Map<String, Integer> sizes() {
        alarms.nextDueNanos();
        var sizes = new HashMap<>(leasing.sizes());
        sizes.putAll(keys.sizes());
        sizes.putAll(Map.ofEntries(
                Map.entry("live", live.size()),
                Map.entry("alarms", alarms.size()),
                Map.entry("delayed", delays.size()),
                Map.entry("aside", aside.size()),
                Map.entry("aside bytes", (int) aside.bytes()),
                Map.entry("leased", leased().size()),
                Map.entry("overrun", overtime.overrun())));
        return sizes;
    }
}
