package dev.shunt.intake;

import dev.shunt.intake.NotEntered.Cancelled;
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
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.SequencedSet;
import org.jspecify.annotations.Nullable;

/**
 * Holds each task until it may run: the only one that moves a {@link Pending} on, and the owner of room, of ordering
 * keys before dispatch, and of due times. A task passes the gates in the order in which they stand here; one that is
 * cancelled or out of time, or that waits when the program stops, is over as soon as the store has done with it.
 *
 * <pre>
 *                     no room            room            stored            due         its turn
 *   accept ──► ARRIVED ──► WAITS_FOR_ROOM ──► STORING ───────► NOT_DUE ──────► HELD ──────► ENTERED
 *                 │ no room, spills                               ▲
 *                 └─────► SPILLING ──stored──► SPILLED ──room──► FETCHING ◄── an earlier run's
 *                                              ▲    └───────────────┘ cannot be read yet
 *                                              └── a dead letter that runs again, and no room
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
    private final KeyOrder<T> order = new KeyOrder<>();
    private final SequencedSet<Pending<T>> waiting = new LinkedHashSet<>();

    /** Until they are over: those that somebody may ask for by their id, and those that were fetched. */
    private final Map<Long, Pending<T>> known = new HashMap<>();

    private boolean stopping;

    /** Waits for the store to say how much is there from before. */
    public Intake(IntakeLimits limits, Clock clock, Store<T> store, Alarms alarms, Handover<T> handover) {
        this.limits = limits;
        this.store = store;
        this.times = new Times<>(clock, alarms);
        this.handover = handover;
        this.room = new Room(limits.maxTasks());
        this.backlog = new Backlog<>(store, alarms, this);
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
        var pending = new Pending<>(task);
        if (task.cancellable()) {
            known.put(task.id(), pending);
        }
        boolean spills = limits.spills() && !stopping;
        if (hasRoom() && !(spills && room.spilled() > 0)) {
            enterRoom(pending);
        } else if (spills && room.storing() < MAX_STORING) {
            store(pending, State.SPILLING);
        } else if (taken != null && !stopping && waiting.size() < limits.maxTasks()) {
            pending.taken = taken;
            known.put(task.id(), pending);
            waiting.add(pending);
            move(pending, State.WAITS_FOR_ROOM);
            return;
        } else {
            end(pending, stopping ? STOPPING : new QueueFull(taken != null));
        }
        if (taken != null) {
            taken.run();
        }
    }

    /** A dead letter, which the store has as a task from now on. */
    public void revived(T task, StoredTask stored) {
        var pending = new Pending<>(task);
        known.put(task.id(), pending);
        if (hasRoom()) {
            pending.restored(task, stored, times.dueNanos(stored));
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
        if (until == State.STORING && times.delayHereNanos(pending) == 0) {
            order.add(pending); // its turn is now, whenever the store answers
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
        pending.inLog = true;
        move(pending, State.SPILLED);
        pending.shrinks(handover.withoutPayload(pending.task()));
        backlog.add(pending);
    }

    /** It is here, and in the store if it must be. */
    private void due(Pending<T> pending) {
        if (stopping) {
            end(pending, STOPPING);
        } else if (pending.ends != null) {
            end(pending, pending.ends);
        } else {
            long delay = times.delayHereNanos(pending);
            if (delay > 0) {
                move(pending, State.NOT_DUE);
                times.whenDue(pending, delay, () -> takeTurn(pending));
            } else {
                takeTurn(pending);
            }
        }
    }

    private void takeTurn(Pending<T> pending) {
        boolean isFree = order.first(pending.key) == null && backlog.isRecovered();
        if (pending.key == null || pending.first || isFree) {
            enter(pending);
        } else {
            order.add(pending);
            move(pending, State.HELD);
            proceed(pending.key);
        }
    }

    /** Those of a key that have their turn now. */
    private void proceed(@Nullable String key) {
        Pending<T> next = order.first(key);
        while (next != null && next.state() == State.HELD && backlog.isRecovered() && !stopping) {
            enter(next);
            next = order.first(key);
        }
    }

    private void enter(Pending<T> pending) {
        leave(pending);
        move(pending, State.ENTERED);
        pending.cancel = handover.enter(pending.task(), pending.attempts(), times.delayThereNanos(pending));
    }

    // Out of turn

    /** Somebody wants a task to end; nothing happens to one that is over. */
    public void cancel(long taskId) {
        var pending = known.get(taskId);
        if (pending == null || !pending.task().cancellable()) {
            return;
        }
        if (pending.cancel != null && pending.state() == State.ENTERED) {
            pending.cancel.run();
        } else {
            endSoon(pending, new Cancelled());
        }
    }

    /** Nobody waits for room for a task any more; does nothing if it does not wait for it, or no longer. */
    public void withdraw(long taskId) {
        var pending = known.get(taskId);
        if (pending != null && pending.state() == State.WAITS_FOR_ROOM) {
            end(pending, new Withdrawn());
        }
    }

    private void endSoon(Pending<T> pending, NotEntered why) {
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
        leave(pending);
        move(pending, State.OVER);
        handover.ended(pending.task(), pending.inLog, why);
        proceed(pending.key);
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
        order.remove(pending);
    }

    /** A task that was taken in is over, wherever; or it is left to the store, and the next run. */
    public void over(long taskId) {
        Pending<T> pending = known.isEmpty() ? null : known.remove(taskId);
        if (pending != null) {
            if (pending.state() == State.ENTERED) {
                move(pending, State.OVER);
            }
            backlog.released(pending.bytes);
        }
    }

    // From the store

    /** What the backlog reads. */
    void fetching(Pending<T> pending) {
        move(pending, State.FETCHING);
    }

    void notFetched(Pending<T> pending) {
        move(pending, State.SPILLED);
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
        pending.bytes = stored.data().bytes().length;
        known.put(task.id(), pending);
        backlog.holds(pending.bytes);
        due(pending);
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
        order.keys().forEach(this::proceed);
    }

    /** Nobody hears of it in this run. */
    void leftInStore(Pending<T> pending) {
        leave(pending);
        move(pending, State.OVER);
        known.remove(pending.task().id());
    }

    // What else happens

    /** Something that had entered has started, ended or come to its time: there may be room. */
    public void moved() {
        while (!waiting.isEmpty() && hasRoom() && room.spilled() == 0 && backlog.isRecovered()) {
            var pending = waiting.removeFirst();
            var taken = pending.taken;
            pending.taken = null;
            enterRoom(pending);
            if (taken != null) {
                taken.run();
            }
        }
        backlog.fetch();
    }

    /** The program stops: nothing enters any more. */
    public void stop() {
        stopping = true;
        List.copyOf(waiting).forEach(pending -> end(pending, STOPPING));
        times.notDue().forEach(pending -> end(pending, STOPPING));
        order.all().stream()
                .filter(pending -> pending.state() == State.HELD)
                .forEach(pending -> end(pending, STOPPING));
        backlog.stop();
    }

    /** The deadline of the stop has passed: what the store has alone stays there. */
    public void giveUp() {
        backlog.giveUp();
    }

    private void move(Pending<T> pending, State next) {
        room.moved(pending.moveTo(next), next);
        if (next.waits()) {
            times.watchDeadline(pending, () -> endSoon(pending, new TimedOut()));
        } else {
            times.forgetDeadline(pending);
        }
    }

    // What it looks like

    private boolean hasRoom() {
        return !stopping && room.has(handover.queued());
    }

    /** For how many that the store has alone there is room. */
    int roomToFetch() {
        return room.toFetch(handover.queued());
    }

    /** That wait in memory, here and where they have entered. */
    public int queued() {
        return handover.queued() + room.held();
    }

    /** What is accepted and has not started, wherever it is. */
    public long waits() {
        return queued()
                + room.in(State.WAITS_FOR_ROOM)
                + room.in(State.SPILLED)
                + room.in(State.FETCHING)
                + backlog.left();
    }

    /** Of an earlier run, how many are still to be read. */
    public long left() {
        return backlog.left();
    }

    /** How much is kept of what; for tests, which find nothing left when everything is over. */
    Map<String, Long> sizes() {
        var sizes = new HashMap<String, Long>();
        for (var state : State.values()) {
            sizes.put(state.name(), (long) room.in(state));
        }
        sizes.put("known", (long) known.size());
        sizes.put("waiting", (long) waiting.size());
        sizes.put("not due", (long) times.notDue().size());
        sizes.put("ordering keys", (long) order.size());
        sizes.put("spilled", (long) backlog.size());
        sizes.put("bytes", backlog.heldBytes());
        return sizes;
    }
}
