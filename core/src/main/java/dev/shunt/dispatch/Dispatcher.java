package dev.shunt.dispatch;

import dev.shunt.dispatch.AlarmQueue.Alarm;
import dev.shunt.dispatch.AlarmQueue.Kind;
import dev.shunt.dispatch.Ending.Cancelled;
import dev.shunt.dispatch.Ending.Kept;
import dev.shunt.dispatch.Ending.Lost;
import dev.shunt.dispatch.Ending.Rejected;
import dev.shunt.dispatch.Ending.TimedOut;
import dev.shunt.dispatch.Work.EndCause;
import dev.shunt.time.Clock;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.LongPredicate;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Gives one group's work to its children. A task passes the gates in the order in which they stand here: room, its unique
 * key, its delay, its ordering key, its type's rate; then it goes to whichever child has an idle slot, an event to the child
 * at its sequence's place. Work is sent ahead of an idle slot only while runs are short, and what was sent ahead is taken back
 * when another child falls idle, so nothing slow holds up anything else while a slot is free.
 *
 * <p>Single-threaded: its owner steps it, and effects are called within the step. A child that dies is told of once, with
 * what it had started: that, and nothing else, was an attempt.
 */
public final class Dispatcher<P> {

    /** How much work, by its usual run time, may wait ahead of each slot: a few times the cost of a wake-up. */
    private static final long AHEAD_NANOS = 1_000_000;

    private static final int MAX_AHEAD = 512;

    /** How often an interrupted handler's grace passes before its child is asked to be replaced once more. */
    private static final int PATIENCE_GRACES = 30;

    /** In a sequence there is no other child to wait for, so sending ahead holds up nothing. */
    private static final int LANE_AHEAD = 64;

    private final List<Place<P>> places = new ArrayList<>();
    private final DispatcherOptions options;
    private final Clock clock;
    private final Effects<P> effects;
    private final RandomGenerator random;
    private final LiveTasks<P> live = new LiveTasks<>();
    private final ReadyTasks<P> ready = new ReadyTasks<>();
    private final AlarmQueue<P> alarms = new AlarmQueue<>();
    private final Map<String, Work<P>> unique = new HashMap<>();
    private final Map<String, Sequence<P>> ordered = new HashMap<>();
    private final RateLimiter<P> rates;
    private final int slots;
    private long nextOrder;
    private long usualRunNanos = Long.MAX_VALUE;
    private @Nullable String stopping;
    private long retried;

    /** Slots whose task is over, because its handler cannot be made to end. */
    private int overrun;

    /**
     * @param slots of each place
     * @param random for the jitter of retries and for when a child has run enough
     */
    public Dispatcher(
            List<Integer> slots, DispatcherOptions options, Clock clock, RandomGenerator random, Effects<P> effects) {
        int first = 0;
        for (int count : slots) {
            places.add(new Place<>(count, first));
            first += count;
        }
        this.slots = first;
        this.options = options;
        this.clock = clock;
        this.random = random;
        this.effects = effects;
        this.rates = new RateLimiter<>(options.rates(), clock);
    }

    /** A new sequence at the place that has the fewest. */
    public Sequence<P> openSequence() {
        Place<P> place =
                places.stream().min(Comparator.comparingInt(Place::sequences)).orElseThrow();
        place.addSequences(1);
        return new Sequence<>(places.indexOf(place));
    }

    /** Call when nothing more will be submitted to it and all of it has ended. */
    public void closeSequence(Sequence<P> sequence) {
        places.get(sequence.place()).addSequences(-1);
    }

    // What comes in: the gates

    public void submit(Work<P> work) {
        Sequence<P> sequence = work.sequence;
        if (stopping != null && !work.isLast()) {
            effects.ended(work, stopped(work, stopping));
        } else if (sequence != null) {
            if (sequence.enter(work)) {
                enqueue(work);
            }
        } else if (work.slot() >= slots) {
            effects.ended(work, new Rejected("there is no slot " + work.slot() + ", only 0 to " + (slots - 1)));
        } else if (!work.policy().durable() && isFull()) { // a log has the durable ones already
            effects.ended(work, new Rejected("the queue is full: " + options.maxQueued() + " tasks wait already"));
        } else {
            live.add(work);
            long deadline = work.policy().deadlineNanos();
            if (deadline > 0) {
                work.deadlineAt = clock.nanoTime() + deadline;
                alarms.add(work.deadlineAt, work, Kind.DEADLINE);
            }
            if (work.policy().delayNanos() > 0) {
                work.dueAt = clock.nanoTime() + work.policy().delayNanos();
            }
            takeUniqueKey(work);
        }
    }

    private void takeUniqueKey(Work<P> work) {
        var key = work.policy().unique();
        Work<P> holder = key == null ? null : unique.putIfAbsent(key.key(), work);
        if (key == null || holder == null) {
            waitDelay(work);
            return;
        }
        switch (key.policy()) {
            case DROP -> end(work, new Rejected("a task with the unique key '" + key.key() + "' is not over yet"));
            case JOIN -> {
                Work<P> next = holder.successor;
                (next == null || next.over ? holder : next).join(work);
            }
            case REPLACE -> {
                Work<P> passedOver = holder.successor;
                holder.successor = work;
                if (passedOver != null && !passedOver.over) {
                    end(passedOver, new Cancelled());
                }
                cancel(holder);
            }
        }
    }

    private void waitDelay(Work<P> work) {
        boolean waits = work.policy().delayNanos() > 0 && work.dueAt - clock.nanoTime() > 0;
        if (!waits) {
            enterSequence(work);
        } else if (work.attempt() == 0
                || joinSequence(work)) { // a retry holds up its ordering key, as before a restart
            alarms.add(work.dueAt, work, Kind.DUE);
        }
    }

    /** Of its ordering key, which it may be in already, if this is a retry. */
    private void enterSequence(Work<P> work) {
        if (work.sequence != null || joinSequence(work)) {
            waitRate(work);
        }
    }

    /** True if it is its turn. */
    private boolean joinSequence(Work<P> work) {
        String key = work.policy().orderingKey();
        if (key == null) {
            return true;
        }
        Sequence<P> sequence = ordered.computeIfAbsent(key, _ -> new Sequence<>(Sequence.ANYWHERE));
        work.sequence = sequence;
        return sequence.enter(work);
    }

    private void waitRate(Work<P> work) {
        if (rates.enter(work)) {
            enqueue(work);
        }
    }

    private void letLimitedThrough() {
        for (Work<P> next = rates.poll(); next != null; next = rates.poll()) {
            enqueue(next);
        }
    }

    private void enqueue(Work<P> work) {
        Sequence<P> sequence = work.sequence;
        if (sequence != null && sequence.place() != Sequence.ANYWHERE) {
            Place<P> place = places.get(sequence.place());
            place.events().add(work);
            fillEvents(place);
        } else if (work.slot() >= 0) {
            Place<P> place = placeOf(work.slot());
            place.tasksFor(place.localSlot(work.slot())).add(work);
            fillTargeted(place);
            helpIdle(); // it may run before a task that any slot could run
        } else {
            ChildLoad<P> child = ready.isEmpty() ? childFor() : null;
            if (child != null) {
                lease(child, work);
            } else {
                ready.add(work);
            }
        }
    }

    /** Ends a task that waits, or asks the handler that runs it to end; nothing happens to one that is over. */
    public void cancel(Work<P> work) {
        if (work.over) {
            return;
        }
        if (work.isLeased()) {
            endRun(work, EndCause.CANCELLED);
        } else {
            end(work, new Cancelled());
        }
    }

    // What children do

    /** A child serves a place from now on; the one that did before is leaving. */
    public ChildLoad<P> childUp(int index) {
        Place<P> place = places.get(index);
        ChildLoad<P> before = place.serving();
        if (before != null) {
            childLeaving(before);
        }
        long runs = options.maxRuns() == 0
                ? 0
                : (long) options.maxRuns() * place.slots() + random.nextInt(options.maxRunsSpread() + 1);
        var child = new ChildLoad<P>(index, place.slots(), runs);
        place.servedBy(child);
        fill(child);
        helpIdle();
        return child;
    }

    /** No more work for this child; what has not started there is taken back. It may still settle what runs. */
    public void childLeaving(ChildLoad<P> child) {
        child.leaves();
        places.get(child.place()).leaves(child);
        takeAllBack(child);
    }

    /** There was no successor to be had: it serves on, and is to be replaced again when it has run as much again. */
    public void notReplaced(ChildLoad<P> child) {
        child.servesOn();
    }

    /**
     * A child is gone. What it had not started waits again, at the front; what it had started is retried or lost.
     *
     * @param started tells for a lease whether the child had started it
     * @param how the child ended, for the reason of what is lost
     */
    public void childDown(ChildLoad<P> child, LongPredicate started, String how) {
        var open = child.leases().inOrder();
        child.leaves();
        places.get(child.place()).gone(child);
        open.forEach(lease -> closeLease(child, lease.lease()));
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
     * @param failed what its handler decided about its failure; null if it did not fail
     * @return its work, now over and forgotten; null if it is to be retried, has ended otherwise, or the lease is not open
     */
    public @Nullable Work<P> settled(ChildLoad<P> child, long lease, @Nullable Failed failed, long runNanos) {
        Work<P> work = closeLease(child, lease);
        if (work == null) {
            return null;
        }
        learn(runNanos);
        child.settled();
        Work<P> settled = null;
        if (!work.over) { // else its caller was told before, and its slot is free only now
            work.attemptEnded();
            if (failed == null || !endsOtherwise(work, failed)) {
                close(work);
                settled = work;
            }
        }
        if (child.isServing() && child.hasRunEnough()) {
            effects.replace(child, "it has run as many tasks as it may");
        }
        fill(child);
        helpIdle();
        return settled;
    }

    /** Whether this failure is not the task's end: another attempt comes, or it had to end before its handler did. */
    private boolean endsOtherwise(Work<P> work, Failed failed) {
        EndCause cause = work.endCause;
        boolean mayGoOn = cause == null || cause == EndCause.TIMEOUT;
        if (mayGoOn && retry(work, failed)) {
            return true;
        }
        if (cause != null) {
            end(work, endingOf(cause));
        }
        return cause != null;
    }

    /** A child gives leases back that had not started. */
    public void takenBack(ChildLoad<P> child, List<Long> leases) {
        child.takingBack(false);
        var works = new ArrayDeque<Work<P>>();
        for (long lease : leases) {
            Work<P> work = closeLease(child, lease);
            if (work != null) {
                works.add(work);
            }
        }
        if (works.stream().allMatch(work -> work.slot() >= 0 && work.endCause == null)) {
            child.gaveNothingBack(); // unless it answers an interrupt
        } else if (works.stream().anyMatch(work -> work.slot() < 0 && work.endCause == null)) {
            child.provedBusy();
        }
        works.stream()
                .sorted(Comparator.<Work<P>>comparingLong(Work::order).reversed())
                .forEach(this::putBack);
        fillAll();
        helpIdle();
    }

    /** What a child has and will never settle is retried or lost; the child lives on. */
    public void abandon(ChildLoad<P> child, String how) {
        for (var open : child.leases().inOrder()) {
            Work<P> work = closeLease(child, open.lease());
            if (work != null) {
                attemptLost(work, how);
            }
        }
        child.settled();
        fill(child);
        helpIdle();
    }

    // What time does

    /** Does what is due. */
    public void tick() {
        long now = clock.nanoTime();
        for (Alarm<P> alarm = alarms.poll(now); alarm != null; alarm = alarms.poll(now)) {
            Work<P> work = alarm.work();
            switch (alarm.kind()) {
                case DUE -> enterSequence(work);
                case DEADLINE -> deadlinePassed(work);
                case TIMEOUT -> attemptTookItsTime(work);
                case GRACE -> didNotYield(work);
            }
        }
        letLimitedThrough();
    }

    /** When {@link #tick} has something to do, in the clock's nanoseconds; any other step may bring it forward. */
    public OptionalLong nextDueNanos() {
        OptionalLong alarm = alarms.nextDueNanos();
        OptionalLong limited = rates.nextDueNanos();
        boolean limitedFirst = limited.isPresent() && (alarm.isEmpty() || limited.getAsLong() - alarm.getAsLong() < 0);
        return limitedFirst ? limited : alarm;
    }

    private void deadlinePassed(Work<P> work) {
        if (work.isLeased()) {
            endRun(work, EndCause.DEADLINE);
        } else {
            end(work, new TimedOut());
        }
    }

    /** Counted from when it started, which may be later than when it was leased. */
    private void attemptTookItsTime(Work<P> work) {
        ChildLoad<P> child = work.child;
        if (child != null) {
            long ran = effects.runningNanos(child, work.lease);
            long left = work.policy().timeoutNanos() - Math.max(0, ran);
            if (left > 0) {
                alarms.add(clock.nanoTime() + left, work, Kind.TIMEOUT);
                watch(child, work, ran);
            } else {
                endRun(work, EndCause.TIMEOUT);
            }
        }
    }

    /**
     * A child whose process is stopped, or starved, starts nothing, and what does not start has no time that could pass: it
     * is replaced if for long it has not begun what it has a slot for.
     */
    private void watch(ChildLoad<P> child, Work<P> work, long ran) {
        long now = clock.nanoTime();
        if (ran >= 0 || !child.hasSlotFor(work)) {
            work.isOverlooked = false;
        } else if (!work.isOverlooked) {
            work.isOverlooked = true;
            work.overlookedSince = now;
        } else if (now - work.overlookedSince >= options.yieldGrace().toNanos()) {
            effects.replace(child, "it does not begin what it was given");
        }
    }

    private void endRun(Work<P> work, EndCause cause) {
        ChildLoad<P> child = work.child;
        if (child == null || (work.endCause != null && work.endCause.compareTo(cause) >= 0)) {
            return;
        }
        boolean first = work.endCause == null;
        work.endCause = cause;
        if (first) {
            effects.interrupt(child, work.lease);
            alarms.add(clock.nanoTime() + options.yieldGrace().toNanos(), work, Kind.GRACE);
        }
    }

    private void didNotYield(Work<P> work) {
        ChildLoad<P> child = work.child;
        EndCause cause = work.endCause;
        if (child == null || cause == null) {
            return;
        }
        if (effects.replace(child, "a handler went on after it was interrupted")) {
            long again = PATIENCE_GRACES * options.yieldGrace().toNanos(); // in case there is no successor to be had
            alarms.add(clock.nanoTime() + again, work, Kind.GRACE);
        } else {
            overrun++;
            end(work, endingOf(cause));
        }
    }

    private static Ending endingOf(EndCause cause) {
        return cause == EndCause.CANCELLED ? new Cancelled() : new TimedOut();
    }

    // How it ends

    /** Rejects what waits and whatever comes from now on, but for the last of each sequence; what runs may end. */
    public void stop(String reason) {
        stopping = reason;
        for (var place : places) {
            ChildLoad<P> child = place.serving();
            if (child != null) {
                takeAllBack(child);
            }
        }
        for (var work : live.copy()) {
            if (!work.over && !work.isLeased() && !work.hasJoined()) {
                end(work, stopped(work, reason));
            }
        }
        for (var place : places) {
            var events = new ArrayDeque<Work<P>>();
            for (Work<P> event = place.events().poll();
                    event != null;
                    event = place.events().poll()) {
                events.add(event);
            }
            events.forEach(event -> rejectUpToLast(event, reason));
        }
    }

    private static <P> Ending stopped(Work<P> work, String reason) {
        if (work.policy().durable()) {
            return new Kept();
        }
        return work.attempt() == 0 ? new Rejected(reason) : new Lost(reason + ", before it was retried");
    }

    /** Back to the front of where it waited, for it had not started. */
    private void putBack(Work<P> work) {
        if (work.over) {
            return;
        }
        work.notStarted();
        if (work.endCause != null) {
            end(work, endingOf(work.endCause));
        } else if (stopping != null && work.isEvent()) {
            rejectUpToLast(work, stopping);
        } else if (stopping != null) {
            end(work, stopped(work, stopping));
        } else {
            queueOf(work).addFirst(work);
        }
    }

    private void attemptLost(Work<P> work, String how) {
        if (work.over) {
            return;
        }
        work.attemptEnded();
        if (!endsOtherwise(work, Failed.BY_TERMS)) {
            end(work, stopping != null && work.policy().durable() ? new Kept() : new Lost(how));
        }
    }

    /** True if another attempt comes; none does that would come after the deadline. */
    private boolean retry(Work<P> work, Failed failed) {
        if (failed.isFinal()
                || !work.hasRetriesLeft()
                || (stopping != null && !work.policy().durable())) {
            return false;
        }
        long delay = failed.retryAfterNanos() >= 0
                ? failed.retryAfterNanos()
                : work.policy().backoffNanos(work.attempt(), random.nextDouble());
        long due = clock.nanoTime() + delay;
        if (work.policy().deadlineNanos() > 0 && due - work.deadlineAt >= 0) {
            return false;
        }
        work.endCause = null;
        retried++;
        effects.retried(work, delay);
        if (stopping == null) {
            alarms.add(due, work, Kind.DUE);
        } else {
            end(work, new Kept());
        }
        return true;
    }

    private void end(Work<P> work, Ending ending) {
        close(work);
        effects.ended(work, ending);
    }

    /** Forgets a work, and lets go on what waited for it. */
    private void close(Work<P> work) {
        work.over = true;
        WaitQueue<P> queue = work.queue;
        if (queue != null) {
            queue.dropped();
        }
        alarms.dropped(work);
        if (!work.isEvent()) {
            live.remove(work);
        }
        work.leaveJoined();
        for (var joined : work.joined()) {
            joined.over = true;
            alarms.dropped(joined);
            live.remove(joined);
        }
        leaveSequence(work);
        passOnUniqueKey(work);
    }

    private void leaveSequence(Work<P> work) {
        Sequence<P> sequence = work.sequence;
        if (sequence == null || work.queue == sequence.waiting()) {
            return;
        }
        Work<P> next = sequence.leave();
        if (next == null) {
            String key = work.policy().orderingKey();
            if (key != null) {
                ordered.remove(key);
            }
        } else if (next.isEvent() && stopping != null) {
            rejectUpToLast(next, stopping);
        } else if (next.isEvent()) {
            enqueue(next);
        } else if (stopping == null) {
            waitRate(next);
        }
    }

    private void passOnUniqueKey(Work<P> work) {
        var key = work.policy().unique();
        if (key == null || !unique.remove(key.key(), work)) {
            return;
        }
        Work<P> successor = work.successor;
        if (successor != null && !successor.over && stopping == null) {
            unique.put(key.key(), successor);
            waitDelay(successor);
        }
    }

    /** Rejects the event and all that waits behind it in its sequence, up to the last of the sequence, which goes on. */
    private void rejectUpToLast(Work<P> event, String reason) {
        for (Work<P> next = event; next != null; ) {
            Sequence<P> sequence = next.sequence;
            if (sequence != null && next.isLast()) {
                enqueue(next);
                return;
            }
            next.over = true;
            effects.ended(next, new Rejected(reason));
            next = sequence == null ? null : sequence.leave();
        }
    }

    // Who gets what

    /** Not if its deadline has passed: then its alarm, which is due, ends it. */
    private void lease(ChildLoad<P> child, Work<P> work) {
        if (work.policy().deadlineNanos() > 0 && work.deadlineAt - clock.nanoTime() <= 0) {
            return;
        }
        long number = child.leases().add(work);
        work.leased(child, number, nextOrder++);
        rates.leased(work);
        if (work.slot() >= 0) {
            child.givenFor(places.get(child.place()).localSlot(work.slot()));
        } else {
            child.mayGiveBack();
        }
        if (work.policy().timeoutNanos() > 0) {
            alarms.add(clock.nanoTime() + work.policy().timeoutNanos(), work, Kind.TIMEOUT);
        }
        effects.lease(child, number, work);
    }

    private @Nullable Work<P> closeLease(ChildLoad<P> child, long lease) {
        Work<P> work = child.leases().remove(lease);
        if (work != null && work.slot() >= 0) {
            child.endedFor(places.get(child.place()).localSlot(work.slot()));
        }
        if (work != null && work.over) {
            overrun--;
        }
        return work;
    }

    private void takeAllBack(ChildLoad<P> child) {
        if (child.leases().size() > 0) {
            child.takingBack(true);
            effects.takeBack(child, Leases.MAX);
        }
    }

    /** The child with most idle slots; if none is idle, the one with least ahead of its slots, if it takes any; else null. */
    private @Nullable ChildLoad<P> childFor() {
        int ahead = aheadPerSlot();
        ChildLoad<P> best = null;
        double bestLoad = Double.MAX_VALUE;
        for (int i = 0; i < places.size(); i++) {
            ChildLoad<P> child = places.get(i).serving();
            if (child != null && child.takes(ahead)) {
                double load = child.load();
                if (load < bestLoad) {
                    best = child;
                    bestLoad = load;
                }
            }
        }
        return best;
    }

    private void fill(ChildLoad<P> child) {
        Place<P> place = places.get(child.place());
        fillEvents(place);
        fillTargeted(place);
        int ahead = aheadPerSlot();
        while (!ready.isEmpty() && child.takes(ahead)) {
            leaseReady(child);
        }
    }

    /** As {@link #fill}, for when any child may have room: the idlest is served first. */
    private void fillAll() {
        letLimitedThrough();
        places.forEach(this::fillEvents);
        places.forEach(this::fillTargeted);
        for (ChildLoad<P> child = childFor(); !ready.isEmpty() && child != null; child = childFor()) {
            leaseReady(child);
        }
    }

    private void leaseReady(ChildLoad<P> child) {
        Work<P> next = ready.poll();
        if (next != null) {
            lease(child, next);
        }
    }

    private void fillEvents(Place<P> place) {
        ChildLoad<P> child = place.serving();
        while (child != null && !place.events().isEmpty() && child.takes(LANE_AHEAD)) {
            Work<P> event = place.events().poll();
            if (event != null) {
                lease(child, event);
            }
        }
    }

    private void fillTargeted(Place<P> place) {
        ChildLoad<P> child = place.serving();
        for (int slot = 0; child != null && place.hasTargeted() && slot < place.slots(); slot++) {
            WaitQueue<P> tasks = place.tasksFor(slot);
            while (!tasks.isEmpty() && child.takesFor(slot)) {
                Work<P> next = tasks.poll();
                if (next != null) {
                    lease(child, next);
                }
            }
        }
    }

    /** While a slot is idle and nothing waits here, half of what is ahead elsewhere is taken back; never from sequences. */
    private void helpIdle() {
        ChildLoad<P> most = null;
        boolean idle = false;
        for (int i = 0; i < places.size(); i++) {
            ChildLoad<P> child = places.get(i).serving();
            if (child != null) {
                idle |= child.hasIdleSlot();
                boolean gives = places.get(i).sequences() == 0 && !child.givesNothingBack();
                if (gives && child.ahead() > (most == null ? 0 : most.ahead())) {
                    most = child;
                }
            }
        }
        if (idle && most != null && ready.isEmpty() && !most.isTakingBack()) {
            most.takingBack(true);
            effects.takeBack(most, (most.ahead() + 1) / 2);
        }
    }

    private WaitQueue<P> queueOf(Work<P> work) {
        Sequence<P> sequence = work.sequence;
        if (sequence != null && sequence.place() != Sequence.ANYWHERE) {
            return places.get(sequence.place()).events();
        }
        if (work.slot() >= 0) {
            Place<P> place = placeOf(work.slot());
            return place.tasksFor(place.localSlot(work.slot()));
        }
        WaitQueue<P> limited = rates.queueOf(work);
        return limited == null ? ready.queueFor(work) : limited;
    }

    private Place<P> placeOf(int slot) {
        for (int i = 0; i < places.size(); i++) {
            if (places.get(i).hosts(slot)) {
                return places.get(i);
            }
        }
        throw new IllegalArgumentException("no place hosts slot " + slot);
    }

    private void learn(long runNanos) {
        usualRunNanos = usualRunNanos == Long.MAX_VALUE ? runNanos : usualRunNanos + (runNanos - usualRunNanos) / 8;
    }

    private int aheadPerSlot() {
        return (int) Math.min(MAX_AHEAD, AHEAD_NANOS / Math.max(1, usualRunNanos));
    }

    // What it looks like

    /** What was given to this child under this lease; null if it is no longer open. */
    public @Nullable Work<P> leased(ChildLoad<P> child, long lease) {
        return child.leases().get(lease);
    }

    /** All that children have been given and not settled. */
    public List<P> leased() {
        return children()
                .flatMap(child -> child.leases().inOrder().stream())
                .map(open -> open.work().item())
                .toList();
    }

    /** Nothing is leased to this child. */
    public boolean isIdle(ChildLoad<P> child) {
        return child.leases().size() == 0;
    }

    public boolean isIdle() {
        return children().allMatch(this::isIdle);
    }

    public boolean isStopping() {
        return stopping != null;
    }

    /** No further task is taken. */
    public boolean isFull() {
        return queued() >= options.maxQueued();
    }

    /** Tasks that wait: for their time, their turn or a slot, here or ahead in a child. */
    public int queued() {
        return Math.max(0, live.size() - (running() - overrun));
    }

    /** Free work that waits here for any slot; of what is queued, the part that no child has. */
    int waiting() {
        return ready.size();
    }

    /** Of children that serve: those which nothing was given for. */
    public int idleSlots() {
        int idle = 0;
        for (int i = 0; i < places.size(); i++) {
            ChildLoad<P> child = places.get(i).serving();
            idle += child == null ? 0 : child.slots() - child.running();
        }
        return idle;
    }

    public int running() {
        int running = 0;
        for (int i = 0; i < places.size(); i++) {
            running += places.get(i).running();
        }
        return running;
    }

    public long retried() {
        return retried;
    }

    /** How much is kept of what; for tests, which find nothing left when everything is over. */
    Map<String, Integer> sizes() {
        alarms.nextDueNanos();
        return Map.of(
                "live", live.size(),
                "ready", ready.size(),
                "alarms", alarms.size(),
                "unique keys", unique.size(),
                "ordering keys", ordered.size(),
                "rateLimited", rates.size(),
                "at places", places.stream().mapToInt(Place::waiting).sum(),
                "leased", leased().size(),
                "overrun", overrun);
    }

    private Stream<ChildLoad<P>> children() {
        return places.stream()
                .flatMap(place -> Stream.concat(Stream.ofNullable(place.serving()), place.leaving().stream()));
    }
}
