package dev.shunt.intake;

import dev.shunt.intake.NotEntered.Cancelled;
import dev.shunt.intake.NotEntered.Full;
import dev.shunt.intake.NotEntered.NotStored;
import dev.shunt.intake.NotEntered.QueueFull;
import dev.shunt.intake.NotEntered.Stopping;
import dev.shunt.intake.NotEntered.TimedOut;
import dev.shunt.intake.NotEntered.Unreadable;
import dev.shunt.intake.NotEntered.Withdrawn;
import dev.shunt.intake.Pending.State;
import dev.shunt.task.StoredTask;
import dev.shunt.time.Clock;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Holds each task until it may run: the only one that moves a {@link Pending} on, and the owner of room, of keys before
 * dispatch, and of due times. A task passes the gates in the order in which they stand here; one that is cancelled or
 * out of time, or that waits when the program stops, is over as soon as the store has done with it.
 *
 * <pre>
 *                     no room            room            stored            due         its turn
 *   accept ──► ARRIVED ──► WAITS_FOR_ROOM ──► STORING ───────► NOT_DUE ──────► HELD ──────► ENTERED
 *                 │ no room, spills                               ▲
 *                 └─────► SPILLING ──stored──► SPILLED ──room──► FETCHING ◄── an earlier run's
 *                                              ▲ due└───────────────┘ cannot be read yet
 *                                              └── no room for what is revived, or not due and of an earlier run
 * </pre>
 *
 * Single-threaded: its owner steps it.
 */
public final class Intake<T extends Submitted> {

    /** On their way to the store, which takes what it is given at once; more are not spilled but refused. */
    private static final int MAX_STORING = 100_000;

    private static final Stopping STOPPING = new Stopping();

    private final IntakeLimits limits;
    private final Store<T> store;
    private final Times<T> times;
    private final Handover<T> handover;
    private final Room room;
    private final Backlog<T> backlog;
    private final Turns<T> turns;
    private final WaitingRoom<T> waiting = new WaitingRoom<>();

    /** Until they are over: those that somebody may ask for by their id, and those that were fetched. */
    private final Map<Long, Pending<T>> known = new HashMap<>();

    private boolean stopping;

    /** Waits for the store to say how much is there from before. */
    public Intake(IntakeLimits limits, Clock clock, Store<T> store, Alarms alarms, Handover<T> handover) {
        this.limits = limits;
        this.store = store;
        this.times = new Times<>(clock, alarms);
        this.handover = handover;
        this.room = new Room(limits, handover);
        this.turns = new Turns<>(this, handover);
        this.backlog = new Backlog<>(store, alarms, clock, room, turns, this);
    }

    /** Goes on with what an earlier run left in the store. */
    public void recover() {
        backlog.start();
    }

    // The gates

    /**
     * Takes a task in, or refuses it.
     *
     * @param taken called when there is room for it, or there will not be; null if nobody waits for that
     */
    public void accept(T task, @Nullable Runnable taken) {
        room.holds(task.bytes());
        if (!stopping && Pending.isPlain(task) && !room.spillsAreBefore() && room.lacks(false, task.bytes()) == null) {
            handover.enter(task, 0, 0); // as nearly all, of which nothing need be kept here
        } else if (!isTakenIn(new Pending<>(task), taken)) {
            return;
        }
        if (taken != null) {
            taken.run();
        }
    }

    /** Or over; false if it waits for room. */
    private boolean isTakenIn(Pending<T> pending, @Nullable Runnable taken) {
        if (pending.task().cancellable()) {
            known.put(pending.task().id(), pending);
        }
        if (stopping) {
            end(pending, STOPPING);
        } else if (!turns.accepts(pending)) {
            end(pending, pending.keyTaken());
        } else if (!findsRoom(pending, taken != null)) {
            pending.taken = taken;
            return false;
        }
        return true;
    }

    /** Room here or in the store, or none; false if it waits for it. */
    private boolean findsRoom(Pending<T> pending, boolean mayWait) {
        boolean joins = turns.joins(pending);
        long delay = joins ? 0 : times.delayHereNanos(pending);
        pending.aside = delay > 0 || turns.areBefore(pending);
        boolean behind = room.spillsAreBefore() && delay == 0 && !joins;
        Full lacks = behind ? Full.SPILLED : room.lacks(pending.aside, pending.size());
        if (lacks == null) {
            enterRoom(pending);
        } else if (limits.spills()
                && room.hasSpills()
                && room.hasOutside(pending.size())
                && room.storing() < MAX_STORING) {
            pending.later = delay > 0;
            store(pending, State.SPILLING);
        } else if (mayWait && delay == 0 && waiting.size() < limits.maxTasks() && room.hasOutside(pending.size())) {
            known.put(pending.task().id(), pending);
            waiting.add(pending);
            move(pending, State.WAITS_FOR_ROOM);
            return false;
        } else {
            end(pending, new QueueFull(lacks, mayWait && delay == 0));
        }
        return true;
    }

    /** A dead letter, which the store has as a task from now on. */
    public void revived(T task, StoredTask stored) {
        var pending = new Pending<>(task);
        room.holds(pending.size());
        known.put(task.id(), pending);
        pending.restored(task, stored, times.dueNanos(stored));
        if (!stopping && !turns.accepts(pending)) {
            end(pending, pending.keyTaken());
            return;
        }
        pending.aside = turns.areBefore(pending);
        if (stopping || (!room.spillsAreBefore() && room.lacks(pending.aside, pending.size()) == null)) {
            due(pending);
        } else {
            leaveInStore(pending);
        }
    }

    private void enterRoom(Pending<T> pending) {
        if (pending.task().stored()) {
            store(pending, State.STORING);
        } else {
            due(pending);
        }
    }

    private void store(Pending<T> pending, State until) {
        if (until == State.STORING && !turns.joins(pending) && times.delayHereNanos(pending) == 0) {
            turns.keepPlace(pending); // its turn is now, whenever the store answers
        }
        move(pending, until);
        store.append(pending.task(), problem -> stored(pending, problem));
    }

    private void stored(Pending<T> pending, @Nullable IOException problem) {
        if (problem != null) {
            end(pending, new NotStored(problem));
            return;
        }
        pending.inLog = true;
        if (pending.state() == State.SPILLING && pending.ends == null && !stopping) {
            leaveInStore(pending);
        } else {
            due(pending);
        }
    }

    private void leaveInStore(Pending<T> pending) {
        turns.kept(pending);
        pending.inLog = true;
        long dueAt = times.dueAtMillis(pending);
        boolean isDue = turns.joins(pending) || !times.isLater(dueAt);
        if (isDue) {
            room.cameDue(pending);
        } else if (pending.state() == State.ARRIVED) {
            pending.later = true;
        }
        move(pending, State.SPILLED);
        room.holds(-pending.size());
        pending.shrinks(handover.withoutPayload(pending.task()), dueAt);
        backlog.add(pending);
    }

    /** One that the store has alone is due. */
    void cameDue(Pending<T> pending) {
        room.cameDue(pending);
        if (pending.first && !limits.spills()) {
            turns.keepPlace(pending); // else what is due and comes later queues up behind it in the store
        }
    }

    /** It is here, and in the store if it must be. */
    private void due(Pending<T> pending) {
        if (stopping) {
            end(pending, STOPPING);
        } else if (pending.ends != null) {
            end(pending, pending.ends);
        } else {
            turns.kept(pending);
            long delay = turns.joins(pending) ? 0 : times.delayHereNanos(pending);
            if (delay > 0) {
                move(pending, State.NOT_DUE);
                times.whenDue(pending, delay, () -> turns.take(pending));
            } else {
                turns.take(pending);
            }
        }
    }

    /** For its turn. */
    void hold(Pending<T> pending) {
        if (pending.state() != State.HELD) {
            times.forgetDue(pending);
            move(pending, State.HELD);
        }
    }

    void enter(Pending<T> pending) {
        leave(pending);
        move(pending, State.ENTERED);
        pending.cancel = handover.enter(pending.task(), pending.attempts(), times.delayThereNanos(pending));
    }

    // Out of turn

    /** Somebody wants a task to end; false if it is over, or was submitted without a handle. */
    public boolean cancel(long taskId) {
        var pending = known.get(taskId);
        if (pending == null || !pending.task().cancellable()) {
            return false;
        }
        if (pending.cancel != null && pending.state() == State.ENTERED) {
            pending.cancel.run();
        } else {
            endSoon(pending, new Cancelled());
        }
        return true;
    }

    /** Nobody waits for room for a task any more; does nothing if it does not wait for it, or no longer. */
    public void withdraw(long taskId) {
        var pending = known.get(taskId);
        if (pending != null && pending.state() == State.WAITS_FOR_ROOM) {
            end(pending, new Withdrawn());
        }
    }

    void endSoon(Pending<T> pending, NotEntered why) {
        switch (pending.state()) {
            case WAITS_FOR_ROOM, HELD, NOT_DUE -> end(pending, why);
            case STORING, SPILLING, FETCHING -> pending.ends = pending.ends == null ? why : pending.ends;
            case SPILLED -> {
                pending.ends = pending.ends == null ? why : pending.ends;
                backlog.fetchNow(pending);
            }
            case ARRIVED, State.ENTERED, State.OVER -> {}
        }
    }

    private void end(Pending<T> pending, NotEntered why) {
        var joined = turns.endWith(pending, why);
        leave(pending);
        move(pending, State.OVER);
        handover.ended(pending.task(), pending.inLog, why);
        joined.forEach(other -> endSoon(other, why));
        turns.left(pending);
        Runnable taken = pending.taken;
        if (taken != null) {
            pending.taken = null;
            taken.run();
        }
    }

    /** Where it waits, if it waits anywhere. */
    private void leave(Pending<T> pending) {
        if (!waiting.isEmpty()) {
            waiting.remove(pending); // which gives an object its hash code, and costs as much as the rest
        }
        times.forgetDue(pending);
        turns.leave(pending);
    }

    /** A task that was taken in is over, wherever; or it is left to the store, and the next run. */
    public void over(T task) {
        room.holds(-task.bytes());
        Pending<T> pending = known.isEmpty() ? null : known.remove(task.id());
        if (pending != null) {
            if (pending.state() == State.ENTERED) {
                move(pending, State.OVER);
            }
            backlog.released(pending.bytes);
        }
    }

    // From the store

    /** What the backlog reads, or could not read. */
    void fetching(Pending<T> pending, boolean now) {
        move(pending, now ? State.FETCHING : State.SPILLED);
    }

    void fetched(Pending<T> pending, StoredTask stored) {
        handover.restored(stored, pending.task())
                .ifPresentOrElse(task -> arrived(pending, task, stored), () -> leftInStore(pending));
    }

    void fetched(StoredTask ofEarlierRun) {
        handover.restored(ofEarlierRun, null).ifPresent(task -> {
            var pending = new Pending<>(task);
            pending.first = true;
            arrived(pending, task, ofEarlierRun);
        });
    }

    private void arrived(Pending<T> pending, T task, StoredTask stored) {
        pending.restored(task, stored, times.dueNanos(stored));
        room.holds(pending.size());
        known.put(task.id(), pending);
        boolean isNew = pending.state() == State.ARRIVED && !stopping;
        boolean isTaken = isNew && !turns.accepts(pending);
        if (isNew && !isTaken && !turns.joins(pending) && times.isLater(times.dueAtMillis(pending))) {
            laterOfEarlierRun(pending);
            return;
        }
        pending.bytes = stored.data().bytes().length;
        backlog.holds(pending.bytes);
        if (isTaken) {
            end(pending, pending.keyTaken());
        } else {
            due(pending);
        }
    }

    /** It takes no room of what is due behind it; a retry has its turn before that, as in the earlier run. */
    private void laterOfEarlierRun(Pending<T> pending) {
        if (room.lacks(true, pending.size()) == null) {
            due(pending);
            return;
        }
        if (pending.attempts() > 0) {
            turns.keepPlace(pending);
        }
        leaveInStore(pending);
    }

    /** The payload of one that was fetched is no longer its own: it waits for another attempt, aside. */
    public void retried(long taskId) {
        Pending<T> pending = known.isEmpty() ? null : known.get(taskId);
        if (pending != null) {
            int bytes = pending.bytes;
            pending.bytes = 0;
            backlog.released(bytes);
        }
    }

    void lost(Pending<T> pending, String problem) {
        pending.inLog = false;
        end(pending, new Unreadable(problem));
    }

    void damaged(long taskId, String problem) {
        handover.damaged(taskId, problem);
    }

    /** There is nothing more of an earlier run. */
    void recovered() {
        turns.recovered();
    }

    /** Another one has its unique key. */
    void dropped(Pending<T> pending) {
        endSoon(pending, pending.keyTaken());
    }

    boolean isRecovered() {
        return backlog.isRecovered();
    }

    boolean isStopping() {
        return stopping;
    }

    /** Nobody hears of it in this run. */
    void leftInStore(Pending<T> pending) {
        leave(pending);
        move(pending, State.OVER);
        room.holds(-pending.size());
        known.remove(pending.task().id());
    }

    // What else happens

    /** Something that had entered has started, ended or come to its time: there may be room. */
    public void moved() {
        if (!waiting.isEmpty() && backlog.isRecovered() && room.spilledDue() == 0) {
            waiting.letIn(
                    turns::areBefore, pending -> room.lacksMore(pending.aside, pending.size()) == null, this::letIn);
        }
        backlog.fetch();
    }

    private void letIn(Pending<T> pending) {
        var taken = pending.taken;
        pending.taken = null;
        enterRoom(pending);
        if (taken != null) {
            taken.run();
        }
    }

    /** The program stops: nothing enters any more. */
    public void stop() {
        stopping = true;
        waiting.all().forEach(pending -> end(pending, STOPPING));
        times.notDue().forEach(pending -> end(pending, STOPPING));
        turns.all().stream()
                .filter(pending -> pending.state() == State.HELD)
                .forEach(pending -> end(pending, STOPPING));
        backlog.stop();
    }

    /** The deadline of the stop has passed: what the store has alone stays there. */
    public void giveUp() {
        backlog.giveUp();
    }

    private void move(Pending<T> pending, State next) {
        room.moved(pending, pending.moveTo(next), next);
        if (next.waits()) {
            times.watchDeadline(pending, () -> endSoon(pending, new TimedOut()));
        } else {
            times.forgetDeadline(pending);
        }
    }

    // What it looks like

    /** What there is, task by task. */
    public Seen<T> seen() {
        return new Seen<>(pending -> endSoon(pending, new NotEntered.Cancelled()), known, waiting, times, turns);
    }

    /** That want a slot and wait in memory, here and where they have entered. */
    public int queued() {
        return room.queued();
    }

    /** In memory, of all but what waits for its time or its turn. */
    public long queuedBytes() {
        return room.queuedBytes();
    }

    /** That wait for their time or their turn in memory. */
    public int aside() {
        return room.aside();
    }

    public long asideBytes() {
        return room.asideBytes();
    }

    /** What is accepted and has not started, wherever it is. */
    public long waits() {
        return spilled() + queued() + aside() + room.in(State.WAITS_FOR_ROOM) + backlog.left();
    }

    /** That wait in the store alone, because there was no room. */
    public long spilled() {
        return room.spilled();
    }

    /** Of an earlier run, how many are still to be read. */
    public long left() {
        return backlog.left();
    }

    /** How much is kept of what; for tests, which find nothing left when everything is over. */
    Map<String, Long> sizes() {
        var sizes = new HashMap<>(room.sizes());
        sizes.put("known", (long) known.size());
        sizes.put("waiting", (long) waiting.size());
        sizes.put("not due", (long) times.notDue().size());
        sizes.putAll(turns.sizes());
        sizes.putAll(backlog.sizes());
        return sizes;
    }
}
