package dev.shunt.intake;

import dev.shunt.intake.ModelTask.Item;
import dev.shunt.intake.ModelTask.Place;
import dev.shunt.task.StoredTask;
import dev.shunt.task.Unique.Policy;
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
    final IntakeLimits limits;
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

    /** How tasks with unique keys ended that had not entered. */
    private record KeyEnded(String key, long rank, Class<? extends NotEntered> why) {}

    private final List<KeyEnded> keysEnded = new ArrayList<>();

    IntakeModel(int maxTasks, boolean spills) {
        this(new IntakeLimits(maxTasks, 1L << 40, maxTasks, 1L << 40, spills));
    }

    IntakeModel(IntakeLimits limits) {
        this.limits = limits;
        this.maxTasks = limits.maxTasks();
        this.spills = limits.spills();
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
        task.undecided = !isRecovered();
    }

    /** After it. */
    void asked(ModelTask task, boolean spills) {
        asking = null;
        task.spilled |= spills;
        if (task.storing) {
            check(task.durable || spills, () -> "stored, and it is not durable: " + task);
            check(
                    !spills || (this.spills && (!hasRoomForOneOf(task) || task.is(Policy.JOIN))),
                    () -> "spills, and there is room: " + task);
            check(spills || inMemory() <= maxTasks + limits.maxDelayed(), () -> "no room: " + task);
        }
        if (task.place != Place.ASKED) {
            return;
        }
        if (task.waits && task.taken == 0) {
            check(!stopping && !hasRoomForAny(), () -> "waits for room, and there is room: " + task);
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
        check(
                !isTimed(task) || task.is(Policy.JOIN) || timed() < limits.maxDelayed(),
                () -> "too many are not due for " + task);
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
        task.place = Place.MEMORY; // until it is said otherwise
        placed(task);
    }

    private int inMemory() {
        return (int) open.values().stream()
                .filter(task -> task.place == Place.MEMORY || task.place == Place.QUEUED)
                .filter(task -> !(task.storing && task.spilled)) // it waits outside
                .count();
    }

    boolean hasRoom() {
        return !stopping && inMemory() < maxTasks + limits.maxDelayed();
    }

    /** Whatever it waits for. */
    private boolean hasRoomForAny() {
        return !stopping
                && inMemory() < Math.min(maxTasks, limits.maxDelayed())
                && bytesInMemory() + IntakeModelTest.LARGE_BYTES
                        <= Math.min(limits.maxBytes(), limits.maxDelayedBytes());
    }

    private boolean hasRoomForOneOf(ModelTask task) {
        boolean behind = !isTimed(task) && anyWaits(other -> other != task && (other.spilled || other.shell));
        return hasRoomForAny() && !behind;
    }

    private boolean isTimed(ModelTask task) {
        return task.dueNanos > time.nanoTime();
    }

    private long timed() {
        return open.values().stream()
                .filter(task -> task.place == Place.MEMORY || task.place == Place.QUEUED)
                .filter(task -> isTimed(task) && !task.is(Policy.JOIN) && !(task.storing && task.spilled))
                .count();
    }

    private long bytesInMemory() {
        return Stream.concat(open.values().stream(), toBeTold.stream())
                .filter(task -> task.place != Place.STORE && task != asking)
                .mapToLong(task -> task.item().bytes())
                .sum();
    }

    /** In dispatch, and others of its keys are before it, or it is not due. */
    boolean isAside(ModelTask task) {
        return isTimed(task) || awaitsTurn(task);
    }

    private boolean awaitsTurn(ModelTask task) {
        String key = task.key();
        String unique = task.unique();
        if (key.isEmpty() && unique.isEmpty()) {
            return false;
        }
        for (var other : dispatch) {
            if (other == task) {
                return false;
            }
            boolean sameKey = !key.isEmpty() && key.equals(other.key());
            boolean sameUnique = !unique.isEmpty() && unique.equals(other.unique());
            if (sameKey || sameUnique) {
                return true;
            }
        }
        return false;
    }

    private Stream<ModelTask> queuedThere(Predicate<ModelTask> which) {
        return dispatch.stream().filter(task -> task.place == Place.QUEUED).filter(which);
    }

    private boolean isRecovered() {
        return stopping
                || open.values().stream()
                        .noneMatch(task -> task.ofEarlierRun && task.place == Place.STORE && !task.shell);
    }

    // What the intake does

    void storing(Item item) {
        var task = item.task();
        check(item.payload(), () -> "stored without its payload: " + task);
        check(!task.storing && !task.isStored, () -> "stored twice: " + task);
        check(task == asking || task.place == Place.WAITS_FOR_ROOM, () -> "stored, and nobody asks: " + task);
        task.place = Place.MEMORY;
        task.storing = true;
        placed(task);
    }

    void reads(int limit, long maxBytes) {
        long held = tasks.values().stream()
                .filter(task -> task.wasFetched && !(task.isOver() && !toBeTold.contains(task)) && !isAsideHere(task))
                .mapToLong(task -> task.data.bytes().length)
                .sum();
        check(held + maxBytes <= MAX_BYTES, () -> "would hold " + (held + maxBytes) + " bytes");
        int taken = queued();
        check(taken + limit <= maxTasks, () -> "reads " + limit + " beside " + taken);
    }

    /** Fetched, and put aside before it entered. */
    private boolean isAsideHere(ModelTask task) {
        return task.place == Place.MEMORY && isTimed(task);
    }

    @Override
    public int queued() {
        return (int) queuedThere(task -> !isAside(task)).count();
    }

    @Override
    public int aside() {
        return (int) queuedThere(this::isAside).count();
    }

    @Override
    public long asideBytes() {
        return queuedThere(this::isAside).mapToLong(task -> task.item().bytes()).sum();
    }

    @Override
    public boolean holdsUniqueKey(String key) {
        return !key.isEmpty()
                && dispatch.stream().anyMatch(task -> task.unique().equals(key));
    }

    @Override
    public boolean holdsOrderingKey(String key) {
        return dispatch.stream().anyMatch(task -> task.key().equals(key));
    }

    @Override
    public void giveUpUniqueKey(String key) {
        check(
                tasks.values().stream()
                        .anyMatch(task -> task.unique().equals(key) && task.is(Policy.REPLACE) && !task.hasEntered()),
                () -> "nothing takes " + key);
        for (var task : queuedThere()) {
            if (task.unique().equals(key) && task.place == Place.QUEUED) {
                endsThere(task);
            } else if (task.unique().equals(key)) {
                task.givenUp = true;
            }
        }
    }

    /** And what joined it there. */
    void endsThere(ModelTask task) {
        boolean wasFirst = dispatch.stream()
                .filter(other -> other.unique().equals(task.unique()))
                .findFirst()
                .filter(task::equals)
                .isPresent();
        var joined = new ArrayList<ModelTask>();
        for (var other : dispatch) {
            boolean same =
                    other != task && !task.unique().isEmpty() && task.unique().equals(other.unique());
            if (same && !other.is(Policy.JOIN)) {
                break;
            }
            if (same && wasFirst) {
                joined.add(other);
            }
        }
        joined.addFirst(task);
        for (var over : joined) {
            dispatch.remove(over);
            over(over);
            toBeTold.add(over);
        }
    }

    @Override
    public Runnable enter(Item item, int attempts, long delayNanos) {
        var task = item.task();
        mayEnter(task, item);
        check(attempts == task.attempts, () -> "entered with " + attempts + " attempts: " + task);
        long due = task.dueNanos == 0 ? 0 : Math.max(0, task.dueNanos - time.nanoTime());
        if (task.is(Policy.JOIN)) {
            check(delayNanos == 0 || Math.abs(delayNanos - due) < 1_000_000, () -> "delayed by " + delayNanos);
        } else if (task.isDelayedHere()) {
            check(due == 0, () -> "entered before its time: " + task);
            check(delayNanos == 0, () -> "delayed here and there: " + task);
        } else {
            check(Math.abs(delayNanos - due) < 1_000_000, () -> "delayed by " + delayNanos + ", not " + due);
        }
        if (task.place == Place.ASKED || task.place == Place.WAITS_FOR_ROOM) {
            takesRoom(task);
        }
        keepsOrder(task);
        keepsUnique(task);
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

    private void keepsUnique(ModelTask task) {
        for (var other : open.values()) {
            check(
                    other.hasEntered() || endsWithAnother(other) || wasTaken(other) || !task.isBehindUnique(other),
                    () -> task + " passes " + other + " of its key");
        }
        if (!task.unique().isEmpty() && holdsUniqueKey(task.unique())) {
            check(!task.is(Policy.DROP), () -> "was taken in, and others have its key: " + task);
            if (task.is(Policy.REPLACE)) {
                giveUpUniqueKey(task.unique());
            }
        }
    }

    private void keepsOrder(ModelTask task) {
        for (var other : open.values()) {
            if (other == task
                    || other.hasEntered()
                    || other.isDelayedHere()
                    || other.isToEnd(time.nanoTime())
                    || other.waitedForUnique
                    || isBehindUnique(other)
                    || holdsUniqueKey(other.unique()) // its turn under that comes first
                    || other.is(Policy.JOIN) // it may need no turn
                    || task.is(Policy.JOIN)) {
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
            check(
                    !(isBefore && fromStore && !task.spilled && spills) || task.is(Policy.JOIN),
                    () -> task + " passes the spilled " + other);
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
        task.endedAsShell = !item.payload();
        over(task);
        keysEnded.add(new KeyEnded(task.unique(), task.rank(), why.getClass()));
        toBeTold.add(task);
    }

    /** What it has joined is over, and has not entered. */
    private boolean endsWithAnother(ModelTask task) {
        return task.is(Policy.JOIN)
                && keysEnded.stream().anyMatch(ended -> ended.key.equals(task.unique()) && ended.rank < task.rank());
    }

    private boolean mayEnd(ModelTask task, NotEntered why) {
        return mayEndItself(task, why)
                || (task.is(Policy.JOIN)
                        && keysEnded.stream()
                                .anyMatch(ended -> ended.key.equals(task.unique())
                                        && ended.rank < task.rank()
                                        && ended.why == why.getClass()));
    }

    /** Others of its unique key were accepted before it, and are not over. */
    private boolean isTaken(ModelTask task) {
        return open.values().stream().anyMatch(task::isBehindUnique);
    }

    /** It was accepted before it was known what had its key. */
    private boolean wasTaken(ModelTask task) {
        return task.is(Policy.DROP) && task.undecided && tasks.values().stream().anyMatch(task::isBehindUnique);
    }

    /** A task that was accepted later has taken its unique key. */
    private boolean isReplaced(ModelTask task) {
        return tasks.values().stream()
                .anyMatch(other -> other.isBehindUnique(task) && other.is(Policy.REPLACE) && !other.refused);
    }

    private boolean mayEndItself(ModelTask task, NotEntered why) {
        return switch (why) {
            case NotEntered.QueueFull(var of, boolean asManyWait) ->
                task == asking
                        && (!hasRoomForAny() || (spills && of == NotEntered.Full.SPILLED))
                        && (asManyWait == task.waits || isTimed(task))
                        && !stopping
                        && (of != NotEntered.Full.TASKS || inMemory() - timed() >= maxTasks);
            case NotEntered.KeyTaken(var key) ->
                key.equals(task.unique()) && task.is(Policy.DROP) && (isTaken(task) || wasTaken(task));
            case NotEntered.Stopping _ -> stopping;
            case NotEntered.NotStored _ -> task.refused;
            case NotEntered.Withdrawn _ -> task.withdrawAsked;
            case NotEntered.Cancelled _ -> (task.cancelAsked && task.cancellable) || isReplaced(task);
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
        if (task.ofEarlierRun || !task.spilled) {
            task.shell = true;
        }
        task.spilled |= spills && !task.ofEarlierRun;
        if (!spills && !task.ofEarlierRun) {
            task.position = Long.MAX_VALUE; // nothing waits for it before it is here
        }
        task.wasFetched = false;
        task.place = Place.STORE;
        return new Item(task, false);
    }

    @Override
    public Optional<Item> restored(StoredTask stored, @Nullable Item asked) {
        var task = task(stored.id());
        check(
                task.place == Place.STORE && (asked == null) == (task.ofEarlierRun && !task.shell),
                () -> "read, and it is here already: " + task);
        if (asked == null && task.id % 7 == 0) { // of another group
            over(task);
            return Optional.empty();
        }
        task.place = Place.MEMORY;
        task.wasFetched = asked != null || !isTimed(task);
        task.shell = false;
        placed(task);
        return Optional.of(task.item());
    }

    // What must hold between steps

    void stepped(Intake<Item> intake) {
        long now = time.nanoTime();
        for (var task : open.values()) {
            task.waitedForUnique = task.waitedForUnique || (!task.unique().isEmpty() && anyWaits(task::isBehindUnique));
            boolean inHand = !task.hasEntered() && !task.storing && !task.reading;
            check(
                    !(inHand && task.isToEnd(now) && task.place != Place.STORE) || task.ofEarlierRun,
                    () -> "is to end, and does not: " + task);
            check(
                    !(inHand && task.isToEnd(now) && task.place == Place.STORE && !task.ofEarlierRun)
                            || task.readFailed
                            || givenUp,
                    () -> "is to end, and is not fetched: " + task);
            check(
                    !(inHand && task.place == Place.MEMORY && task.key().isEmpty() && !task.isDelayedHere())
                            || isBehindUnique(task),
                    () -> "nothing is in its way: " + task);
            check(
                    !(inHand
                                    && task.place == Place.MEMORY
                                    && task.isDelayedHere()
                                    && task.key().isEmpty())
                            || task.dueNanos > now
                            || isBehindUnique(task),
                    () -> "is due: " + task);
            check(!stopping || !inHand || task.place == Place.STORE, () -> "left over at the stop: " + task);
        }
        int says = intake.queued() + intake.aside();
        check(says == inMemory(), () -> "says " + says + " of " + inMemory() + " wait");
        check(
                bytesInMemory() <= maxBytesInMemory(),
                () -> bytesInMemory() + " bytes in memory, " + maxBytesInMemory() + " at most");
        noKeyIsStuck();
    }

    private long maxBytesInMemory() {
        long one = IntakeModelTest.LARGE_BYTES + 100L;
        long kinds = limits.maxBytes() + limits.maxDelayedBytes() + limits.maxOutsideBytes();
        return kinds
                + (3 + toBeTold.size()) * one; // of each kind one may have more, and what is told is on its way out
    }

    /** It waits for others of its unique key, or for what an earlier run has left of it. */
    private boolean isBehindUnique(ModelTask task) {
        boolean isUndecided = !task.unique().isEmpty() && !task.ofEarlierRun && !isRecovered();
        return isUndecided || (!task.unique().isEmpty() && anyWaits(task::isBehindUnique));
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
                        task.storing
                                || task.place == Place.STORE
                                || isBehindDue(task)
                                || isBehindUnique(task)
                                || task.is(Policy.JOIN)
                                || task.waitedForUnique
                                || isBehindShell(task),
                        () -> "first of its key, and does not go on: " + task));
    }

    private boolean isBehindShell(ModelTask task) {
        return anyWaits(other -> other.shell && other.key().equals(task.key()));
    }

    private boolean isBehindDue(ModelTask task) {
        return anyWaits(other -> other.isDelayedHere() && other.key().equals(task.key()));
    }

    /** After what may have made room. */
    void moved() {
        check(
                !hasRoomForAny()
                        || !isRecovered()
                        || anyWaits(task -> task.place == Place.STORE)
                        || !anyWaits(task -> task.place == Place.WAITS_FOR_ROOM),
                () -> "there is room, and they wait for it");
    }

    List<ModelTask> queuedThere() {
        return new ArrayList<>(dispatch);
    }
}
