package dev.shunt.intake;

import dev.shunt.intake.ModelTask.Item;
import dev.shunt.intake.ModelTask.Place;
import dev.shunt.task.StoredTask;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What an intake promises, kept in the simplest way that can be checked: each task knows where it is and what was asked
 * of it, and what the intake does is held against that.
 */
final class IntakeModel implements Handover<Item> {

    static final long MAX_BYTES = 64L << 20;

    final ManualTime time = new ManualTime();
    final ModelStore store = new ModelStore(this);
    final int maxTasks;
    final boolean spills;
    final Deque<ModelTask> dispatch = new ArrayDeque<>();

    /** Over, and not told yet. */
    final Deque<ModelTask> toBeTold = new ArrayDeque<>();

    private final Map<Long, ModelTask> tasks = new LinkedHashMap<>();

    /** Those that are neither over nor left to the store. */
    private final Map<Long, ModelTask> open = new LinkedHashMap<>();

    private @Nullable ModelTask asking;
    private long positions;
    boolean stopping;
    boolean givenUp;
    int entered;
    int ended;

    IntakeModel(int maxTasks, boolean spills) {
        this.maxTasks = maxTasks;
        this.spills = spills;
    }

    static void check(boolean holds, Supplier<String> otherwise) {
        if (!holds) {
            throw new AssertionError(otherwise.get());
        }
    }

    Collection<ModelTask> open() {
        return open.values();
    }

    ModelTask task(long id) {
        return Objects.requireNonNull(tasks.get(id));
    }

    private Stream<ModelTask> waiting() {
        return open.values().stream().filter(task -> !task.hasEntered());
    }

    private boolean anyWaits(Predicate<ModelTask> which) {
        return waiting().anyMatch(which);
    }

    // What the schedule does

    void earlier(ModelTask task) {
        task.ofEarlierRun = true;
        task.position = store.keep(task) - 1_000_000;
        task.place = Place.STORE;
        task.isStored = true;
        tasks.put(task.id, task);
        open.put(task.id, task);
    }

    /** Before it is accepted. */
    void asks(ModelTask task) {
        tasks.put(task.id, task);
        open.put(task.id, task);
        asking = task;
    }

    /** After it. */
    void asked(ModelTask task) {
        asking = null;
        if (task.place != Place.ASKED) {
            return;
        }
        if (task.waits && task.taken == 0) {
            check(!stopping && (!hasRoom() || !task.durable), () -> "waits for room, and there is room: " + task);
            task.place = Place.WAITS_FOR_ROOM;
            check(
                    waiting()
                                    .filter(other -> other.place == Place.WAITS_FOR_ROOM)
                                    .count()
                            <= maxTasks,
                    () -> "too many wait for room");
        } else {
            takesRoom(task);
        }
    }

    /** Of a task that waited: there is room, or it is over. */
    void taken(ModelTask task) {
        task.taken++;
        check(task.taken == 1, () -> "taken twice: " + task);
        if (task.place == Place.WAITS_FOR_ROOM) {
            takesRoom(task);
        }
    }

    private void takesRoom(ModelTask task) {
        check(hasRoom(), () -> "taken in, and there is no room: " + task);
        task.place = Place.MEMORY;
        placed(task);
    }

    private void placed(ModelTask task) {
        if (task.position == Long.MAX_VALUE) {
            task.position = positions++;
        }
    }

    /** A dead letter, which the store has again. */
    void revives(ModelTask task) {
        store.keep(task);
        task.isStored = true;
        tasks.put(task.id, task);
        open.put(task.id, task);
        task.place = hasRoom() ? Place.MEMORY : Place.STORE;
        task.spilled = task.place == Place.STORE && spills;
        if (task.place == Place.MEMORY || spills) {
            placed(task); // else nothing waits for it before it is here
        }
    }

    private int inMemory() {
        return (int) open.values().stream()
                .filter(task -> task.place == Place.MEMORY || task.place == Place.QUEUED)
                .count();
    }

    boolean hasRoom() {
        return !stopping && inMemory() < maxTasks;
    }

    private boolean isRecovered() {
        return stopping || open.values().stream().noneMatch(task -> task.ofEarlierRun && task.place == Place.STORE);
    }

    // What the intake does

    void storing(Item item) {
        var task = item.task();
        check(item.payload(), () -> "stored without its payload: " + task);
        check(!task.storing && !task.isStored, () -> "stored twice: " + task);
        if (task.place == Place.ASKED && spills && (!hasRoom() || anyWaits(other -> other.spilled))) {
            task.spilled = true;
        } else {
            check(hasRoom(), () -> "stored, and there is no room: " + task);
            check(task.durable, () -> "stored, and it is not durable: " + task);
        }
        check(task == asking || task.place == Place.WAITS_FOR_ROOM, () -> "stored, and nobody asks: " + task);
        task.place = Place.MEMORY;
        task.storing = true;
        placed(task);
    }

    void reads(int limit, long maxBytes) {
        long held = tasks.values().stream()
                .filter(task -> task.wasFetched && !(task.isOver() && !toBeTold.contains(task)))
                .mapToLong(task -> task.data.bytes().length)
                .sum();
        check(held + maxBytes <= MAX_BYTES, () -> "would hold " + (held + maxBytes) + " bytes");
        long taken = inMemory() - waiting().filter(this::isHeld).count();
        check(taken + limit <= maxTasks, () -> "reads " + limit + " beside " + taken);
    }

    /** It waits for others of its key. */
    private boolean isHeld(ModelTask task) {
        boolean isReady =
                task.place == Place.MEMORY && !task.storing && !task.key().isEmpty();
        return isReady && (!task.isDelayedHere() || task.dueNanos <= time.nanoTime());
    }

    @Override
    public int queued() {
        return (int)
                dispatch.stream().filter(task -> task.place == Place.QUEUED).count();
    }

    @Override
    public Runnable enter(Item item, int attempts, long delayNanos) {
        var task = item.task();
        mayEnter(task, item);
        check(attempts == task.attempts, () -> "entered with " + attempts + " attempts: " + task);
        long due = task.dueNanos == 0 ? 0 : Math.max(0, task.dueNanos - time.nanoTime());
        if (task.isDelayedHere()) {
            check(due == 0, () -> "entered before its time: " + task);
            check(delayNanos == 0, () -> "delayed here and there: " + task);
        } else {
            check(Math.abs(delayNanos - due) < 1_000_000, () -> "delayed by " + delayNanos + ", not " + due);
        }
        if (task.place == Place.ASKED || task.place == Place.WAITS_FOR_ROOM) {
            takesRoom(task);
        }
        keepsOrder(task);
        task.place = Place.QUEUED;
        dispatch.add(task);
        entered++;
        return () -> task.cancelledThere = true;
    }

    private void mayEnter(ModelTask task, Item item) {
        check(!task.hasEntered() && !task.isOver(), () -> "entered twice: " + task);
        check(item.payload(), () -> "entered without its payload: " + task);
        check(!stopping, () -> "entered after the stop: " + task);
        check(!task.durable || task.isStored, () -> "entered before it is stored: " + task);
        check(
                task.ofEarlierRun || !task.isToEnd(time.nanoTime()), // those of an earlier run are ended there
                () -> "entered, and is to end: " + task);
        check(
                task.ofEarlierRun || task.key().isEmpty() || isRecovered(),
                () -> "entered before those of an earlier run: " + task);
    }

    private void keepsOrder(ModelTask task) {
        for (var other : open.values()) {
            if (other == task || other.hasEntered() || other.isDelayedHere() || other.isToEnd(time.nanoTime())) {
                continue;
            }
            boolean isBefore = other.position < task.position;
            if (task.isDelayedHere()) { // it has its turn when it is due, behind those that are in memory then
                boolean isHere = other.place == Place.MEMORY && !(other.storing && other.spilled);
                isBefore &= isHere && !task.ofEarlierRun && other.acceptedAtNanos < task.dueNanos;
            }
            boolean sameKey = !task.key().isEmpty() && task.key().equals(other.key());
            check(!(isBefore && sameKey), () -> task + " passes " + other);
            boolean fromStore = other.spilled && other.key().isEmpty() && !other.unreadable;
            check(!(isBefore && fromStore && !task.ofEarlierRun && task.spilled), () -> task + " passes " + other);
            check(!(isBefore && fromStore && !task.spilled && spills), () -> task + " passes the spilled " + other);
        }
    }

    @Override
    public void ended(Item item, boolean inLog, NotEntered why) {
        var task = item.task();
        check(
                !task.hasEntered() && !task.isOver(),
                () -> "ended " + why + ", though it has entered or is over: " + task);
        check(mayEnd(task, why), () -> "ended with " + why + ": " + task);
        check(!task.storing && !task.reading, () -> "ended while the store is at it: " + task);
        if (!(why instanceof NotEntered.Unreadable)) {
            check(item.payload(), () -> "ended without its payload: " + task);
            check(inLog == store.has(task) || task.unreadable, () -> "in the store " + !inLog + ": " + task);
        }
        over(task);
        toBeTold.add(task);
    }

    private boolean mayEnd(ModelTask task, NotEntered why) {
        return switch (why) {
            case NotEntered.QueueFull(boolean asManyWait) ->
                task == asking && !hasRoom() && asManyWait == task.waits && !stopping;
            case NotEntered.Stopping _ -> stopping;
            case NotEntered.NotStored _ -> task.refused;
            case NotEntered.Withdrawn _ -> task.withdrawAsked;
            case NotEntered.Cancelled _ -> task.cancelAsked && task.cancellable;
            case NotEntered.TimedOut _ -> task.deadlineAt() <= time.nanoTime();
            case NotEntered.Unreadable _ -> task.unreadable || !store.has(task);
        };
    }

    void over(ModelTask task) {
        task.place = Place.OVER;
        open.remove(task.id);
        ended++;
    }

    @Override
    public void damaged(long taskId, String problem) {
        var task = task(taskId);
        check(task.unreadable && task.ofEarlierRun, () -> "not damaged: " + task);
        over(task);
    }

    @Override
    public Item withoutPayload(Item item) {
        var task = item.task();
        check(task.isStored && !task.hasEntered() && !task.isOver(), () -> "has no payload any more: " + task);
        task.place = Place.STORE;
        return new Item(task, false);
    }

    @Override
    public Optional<Item> restored(StoredTask stored, @Nullable Item asked) {
        var task = task(stored.id());
        check(
                task.place == Place.STORE && (asked == null) == task.ofEarlierRun,
                () -> "read, and it is here already: " + task);
        if (task.ofEarlierRun && task.id % 7 == 0) { // of another group
            over(task);
            return Optional.empty();
        }
        task.place = Place.MEMORY;
        task.wasFetched = true;
        placed(task);
        return Optional.of(task.item());
    }

    // What must hold between steps

    void stepped(Intake<Item> intake) {
        long now = time.nanoTime();
        for (var task : open.values()) {
            boolean inHand = !task.hasEntered() && !task.storing && !task.reading;
            check(
                    !(inHand && task.isToEnd(now) && task.place != Place.STORE),
                    () -> "is to end, and does not: " + task);
            check(
                    !(inHand && task.isToEnd(now) && task.place == Place.STORE && !task.ofEarlierRun)
                            || task.readFailed
                            || givenUp,
                    () -> "is to end, and is not fetched: " + task);
            check(
                    !(inHand && task.place == Place.MEMORY && task.key().isEmpty() && !task.isDelayedHere()),
                    () -> "nothing is in its way: " + task);
            check(
                    !(inHand
                                    && task.place == Place.MEMORY
                                    && task.isDelayedHere()
                                    && task.key().isEmpty())
                            || task.dueNanos > now,
                    () -> "is due: " + task);
            check(!stopping || !inHand || task.place == Place.STORE, () -> "left over at the stop: " + task);
        }
        check(intake.queued() == inMemory(), () -> "says " + intake.queued() + " of " + inMemory() + " wait");
        noKeyIsStuck();
    }

    private void noKeyIsStuck() {
        if (!isRecovered()) {
            return;
        }
        var first = new LinkedHashMap<String, ModelTask>();
        waiting()
                .filter(task -> task.place == Place.MEMORY || task.place == Place.STORE)
                .filter(task -> !task.key().isEmpty() && !task.isDelayedHere())
                .forEach(task -> first.merge(task.key(), task, (a, b) -> a.position < b.position ? a : b));
        first.values()
                .forEach(task -> check(
                        task.storing || task.place == Place.STORE || isBehindDue(task),
                        () -> "first of its key, and does not go on: " + task));
    }

    private boolean isBehindDue(ModelTask task) {
        return anyWaits(other -> other.isDelayedHere() && other.key().equals(task.key()));
    }

    /** After what may have made room. */
    void moved() {
        check(
                !hasRoom()
                        || !isRecovered()
                        || anyWaits(task -> task.place == Place.STORE)
                        || !anyWaits(task -> task.place == Place.WAITS_FOR_ROOM),
                () -> "there is room, and they wait for it");
    }

    List<ModelTask> queuedThere() {
        return new ArrayList<>(dispatch);
    }
}
