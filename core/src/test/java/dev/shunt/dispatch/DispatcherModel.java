package dev.shunt.dispatch;

import dev.shunt.task.Priority;
import dev.shunt.task.RateLimit;
import dev.shunt.task.Unique;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Deque;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What a dispatcher promises, kept in the simplest way that can be checked: each task knows its state, and what the
 * dispatcher wants done is held against it. What may only be judged when a step is over waits for {@link #stepped}.
 */
final class DispatcherModel implements Effects<ModelTask> {

    static final Duration GRACE = Duration.ofMillis(40);

    static final List<RateLimit> RATES =
            List.of(new RateLimit(100, Duration.ofSeconds(1)), new RateLimit(1, Duration.ofMillis(300)));

    final SteppedClock clock = new SteppedClock();
    final Map<ChildLoad<ModelTask>, ModelChild> children = new LinkedHashMap<>();
    final Set<ModelTask> open = new LinkedHashSet<>();
    private final List<Integer> slots;
    private final boolean inProcess;
    private final int maxQueued;
    private final long[] lastOfType = new long[RATES.size()];

    /** How often a level was served, since another one that was ready all the time. */
    private final Map<Priority, Map<Priority, Integer>> passedBy = new EnumMap<>(Priority.class);

    private final Map<String, ModelTask> uniques = new HashMap<>();
    private final Map<String, ModelTask> inKey = new HashMap<>();
    private final Map<String, Deque<ModelTask>> keyOrder = new HashMap<>();
    private final Map<Sequence<ModelTask>, ModelTask> inSequence = new HashMap<>();
    private final List<ModelTask> delayed = new ArrayList<>();
    private final List<ModelTask> leasedInStep = new ArrayList<>();
    private @Nullable Dispatcher<ModelTask> dispatcher;
    private final boolean hasSequences;
    private int running;
    private int eventsOpen;
    boolean stopping;
    boolean full;
    int done;

    DispatcherModel(List<Integer> slots, boolean inProcess, boolean hasSequences, int maxQueued) {
        this.slots = slots;
        this.inProcess = inProcess;
        this.hasSequences = hasSequences;
        this.maxQueued = maxQueued;
        Arrays.fill(lastOfType, Long.MIN_VALUE / 2);
    }

    void checks(Dispatcher<ModelTask> checked) {
        dispatcher = checked;
    }

    long now() {
        return clock.nanoTime();
    }

    static void check(boolean holds, Supplier<String> otherwise) {
        if (!holds) {
            throw new AssertionError(otherwise.get());
        }
    }

    // What the schedule does

    void submitted(ModelTask task) {
        open.add(task);
        eventsOpen += task.sequence == null ? 0 : 1;
        full = !task.durable && tasksOpen() - 1 - runningTasks() >= maxQueued;
        if (stopping || (full && task.sequence == null) || task.sequence != null) {
            return;
        }
        Unique key = task.unique;
        ModelTask holder = key == null ? null : uniques.putIfAbsent(key.key(), task);
        if (key == null || holder == null) {
            passedUnique(task);
        } else if (key.policy() == Unique.Policy.JOIN) {
            ModelTask next = holder.successor;
            ModelTask to = next == null || next.ended ? holder : next;
            to.joined.add(task);
            task.joinedTo = to;
        } else if (key.policy() == Unique.Policy.REPLACE) {
            if (holder.successor != null) {
                holder.successor.cancelAsked = true;
            }
            holder.cancelAsked = true;
            holder.successor = task;
        }
    }

    private void passedUnique(ModelTask task) {
        if (task.orderingKey == null || task.unique != null) {
            return; // when a unique key is passed on is not modelled in order
        }
        if (task.dueAt > now()) {
            delayed.add(task);
        } else {
            keyOrder.computeIfAbsent(task.orderingKey, _ -> new ArrayDeque<>()).add(task);
        }
    }

    void ticks() {
        List<ModelTask> due =
                delayed.stream().filter(task -> task.dueAt <= now()).toList();
        delayed.removeAll(due);
        due.stream()
                .filter(task -> !task.ended)
                .sorted(Comparator.comparingLong(task -> task.dueAt))
                .forEach(task -> keyOrder.computeIfAbsent(
                                Objects.requireNonNull(task.orderingKey), _ -> new ArrayDeque<>())
                        .add(task));
    }

    void started(ModelTask task) {
        check(task.isLeased() && !task.ended, () -> "started without leave: " + task);
        check(task.starts <= task.retries, () -> "started too often: " + task);
        task.starts++;
        task.startedAt = now();
        check(
                task.work().attempt() == task.starts,
                () -> "attempt " + task.work().attempt() + ": " + task);
    }

    /** The schedule takes a lease off a child; what comes of its task is up to the dispatcher. */
    void leaseCloses(ModelTask task) {
        ModelChild child = Objects.requireNonNull(task.child);
        running -= Math.min(child.leases.size(), child.slots);
        child.ended(task);
        running += Math.min(child.leases.size(), child.slots);
        leaseClosed(task);
    }

    private void leaseClosed(ModelTask task) {
        boolean wasOverrun = task.isOverrun();
        task.leaseClosed();
        if (wasOverrun) {
            leavesKey(task);
        }
    }

    void leavesClosed(ModelChild child, int leasesBefore, List<ModelTask> tasks) {
        running += Math.min(child.leases.size(), child.slots) - Math.min(leasesBefore, child.slots);
        tasks.stream().filter(task -> !task.isRunning()).forEach(this::servedInVain);
        tasks.forEach(this::leaseClosed);
    }

    /** It comes back unstarted, and has not passed anything. */
    private void servedInVain(ModelTask task) {
        passedBy.values().forEach(times -> times.computeIfPresent(task.priority, (_, count) -> count - 1));
    }

    /** The dispatcher said by what it returned that a task is over. */
    void returned(ModelTask task) {
        check(!task.ended, () -> "ended twice: " + task);
        end(task);
    }

    private void end(ModelTask task) {
        task.ended = true;
        open.remove(task);
        eventsOpen -= task.sequence == null ? 0 : 1;
        done++;
        Set<ModelTask> told =
                Set.copyOf(task.work().joined().stream().map(Work::item).toList());
        Set<ModelTask> waited =
                Set.copyOf(task.joined.stream().filter(other -> !other.ended).toList());
        check(told.equals(waited), () -> "joined are " + waited + ", told are " + told);
        for (var other : waited) {
            other.ended = true;
            open.remove(other);
            done++;
        }
        if (!task.isLeased()) { // else its handler goes on, and has its keys
            leavesKey(task);
        }
    }

    private void leavesKey(ModelTask task) {
        if (task.unique != null && uniques.remove(task.unique.key(), task)) {
            ModelTask next = task.successor;
            if (next != null && !next.ended && !stopping) {
                uniques.put(task.unique.key(), next);
            }
        }
    }

    // What the dispatcher wants

    @Override
    public void lease(ChildLoad<ModelTask> load, long lease, Work<ModelTask> work) {
        ModelTask task = work.item();
        ModelChild child = child(load);
        check(!child.leaving, () -> "leased to a child that leaves: " + task);
        check(child.runs < child.bound, () -> "leased to a child that has run enough: " + task);
        check(!task.ended, () -> "leased after its end: " + task);
        check(!task.isLeased(), () -> "leased twice: " + task);
        check(task.joinedTo == null, () -> "leased, though it joined: " + task);
        check(!stopping || task.last, () -> "leased after the stop: " + task);
        check(task.dueAt <= now(), () -> "leased before its time: " + task);
        check(task.deadlineAt > now(), () -> "leased after its deadline: " + task);
        check(task.slot < 0 || child.hosts(task.slot), () -> "leased to a child without its slot: " + task);
        check(
                task.slot < 0 || child.leases.values().stream().noneMatch(other -> other.slot == task.slot),
                () -> "two for one slot: " + task);
        check(
                task.sequence == null || task.sequence.place() == child.place,
                () -> "not at its sequence's place: " + task);
        check(!child.leases.containsKey(lease), () -> "lease " + lease + " is open: " + task);
        check(
                child.leases.keySet().stream().noneMatch(other -> other % Leases.MAX == lease % Leases.MAX),
                () -> "lease " + lease + " shares its ring place: " + task);
        keepsRate(task);
        servesLevelsFairly(task);
        running -= Math.min(child.leases.size(), child.slots);
        child.given(task, lease);
        running += Math.min(child.leases.size(), child.slots);
        task.leased(child, lease);
        leasedInStep.add(task);
    }

    private void keepsRate(ModelTask task) {
        if (task.type >= 0 && task.slot < 0) {
            long since = now() - lastOfType[task.type];
            check(since >= RATES.get(task.type).intervalNanos(), () -> "too soon, after " + since + " ns: " + task);
            lastOfType[task.type] = now();
        }
    }

    /** A level is served four times as often as the one below it; what a level saved up before may come on top, once. */
    @SuppressWarnings("EnumOrdinal") // levels are numbered lowest first
    private void servesLevelsFairly(ModelTask served) {
        if (served.slot >= 0 || served.sequence != null) {
            return;
        }
        var waits = EnumSet.noneOf(Priority.class);
        open.stream().filter(ModelTask::isReady).forEach(task -> waits.add(task.priority));
        waits.remove(served.priority);
        passedBy.keySet().retainAll(waits);
        for (var level : waits) {
            int times = passedBy.computeIfAbsent(level, _ -> new EnumMap<>(Priority.class))
                    .merge(served.priority, 1, Integer::sum);
            int above = served.priority.ordinal() - level.ordinal();
            int most = 2 + (above > 0 ? 1 << (2 * above) : 0);
            check(times <= most, () -> level + " waits while " + times + " pass: " + served);
        }
    }

    ModelChild child(ChildLoad<ModelTask> load) {
        return children.computeIfAbsent(
                load,
                _ -> new ModelChild(
                        load,
                        slots.get(load.place()),
                        slots.subList(0, load.place()).stream()
                                .mapToInt(Integer::intValue)
                                .sum()));
    }

    @Override
    public void takeBack(ChildLoad<ModelTask> load, int count) {
        child(load).takeBacks.add(count);
    }

    @Override
    public void interrupt(ChildLoad<ModelTask> load, long lease) {
        ModelTask task = Objects.requireNonNull(child(load).leases.get(lease), "interrupted a lease that is not open");
        check(!task.interrupted && !task.ended, () -> "interrupted twice: " + task);
        task.hadTimedOut = hasTakenItsTime(task);
        check(
                task.cancelAsked || task.deadlineAt <= now() || task.hadTimedOut,
                () -> "interrupted without reason: " + task);
        task.interrupted = true;
        task.interruptedAt = now();
        child(load).interrupts.add(lease);
    }

    private boolean hasTakenItsTime(ModelTask task) {
        return task.timeoutNanos > 0 && task.isRunning() && now() - task.startedAt >= task.timeoutNanos;
    }

    @Override
    public boolean replace(ChildLoad<ModelTask> load, String why) {
        ModelChild child = child(load);
        if (why.contains("does not begin")) {
            check(
                    child.leases.values().stream().anyMatch(task -> task.timeoutNanos > 0 && !task.isRunning()),
                    () -> "replaced although all it has runs");
        } else {
            check(
                    child.leases.values().stream()
                            .anyMatch(task -> task.interrupted && now() - task.interruptedAt >= GRACE.toNanos()),
                    () -> "replaced before its handler had time to yield");
        }
        child.toBeReplaced = !inProcess;
        return !inProcess;
    }

    @Override
    public boolean wornOut(ChildLoad<ModelTask> load) {
        ModelChild child = child(load);
        check(!child.wornOut, () -> "worn out twice");
        if (inProcess) {
            child.runs = 0;
        } else {
            child.wornOut = true;
            child.bound = child.runs;
            child.toBeReplaced = true;
        }
        return !inProcess;
    }

    @Override
    public void broke(Work<ModelTask> work, Throwable problem) {
        throw new AssertionError(work + " broke", problem);
    }

    @Override
    public long runningNanos(ChildLoad<ModelTask> load, long lease) {
        ModelTask task = child(load).leases.get(lease);
        return task == null || !task.isRunning() ? -1 : now() - task.startedAt;
    }

    @Override
    public void retried(Work<ModelTask> work, long delayNanos) {
        ModelTask task = work.item();
        check(!task.isLeased() && !task.ended && !task.wasRetried, () -> "retried while it runs or is over: " + task);
        check(task.starts > 0 && task.starts <= task.retries, () -> "retried too often: " + task);
        check(!task.cancelAsked || !task.interrupted, () -> "retried after it was cancelled: " + task);
        check(!stopping || task.durable, () -> "retried after the stop: " + task);
        task.wasRetried = true;
        task.dueAt = Math.max(task.dueAt, now() + delayNanos);
        check(task.dueAt < task.deadlineAt, () -> "retried after its deadline: " + task);
    }

    @Override
    public void ended(Work<ModelTask> work, Ending ending) {
        ModelTask task = work.item();
        check(!task.ended, () -> "ended twice: " + task);
        boolean byItself = ending instanceof Ending.Cancelled || ending instanceof Ending.TimedOut;
        check(task.joinedTo == null || byItself, () -> "ended with " + ending + ", though it joined: " + task);
        check(mayEnd(task, ending), () -> "ended with " + ending + ": " + task);
        check(
                !task.isLeased()
                        || (inProcess
                                && task.interrupted
                                && now() - task.interruptedAt >= GRACE.toNanos()
                                && task.isLeased()),
                () -> "ended while a child has it: " + task);
        end(task);
    }

    private boolean mayEnd(ModelTask task, Ending ending) {
        return switch (ending) {
            case Ending.Cancelled _ -> task.cancelAsked || joinedOneThatIsOver(task);
            case Ending.TimedOut _ -> task.deadlineAt <= now() || task.hadTimedOut || joinedOneThatIsOver(task);
            case Ending.Kept _ -> stopping && task.durable;
            case Ending.Lost _ -> task.starts > 0 && (task.died || (stopping && !task.durable));
            case Ending.Rejected _ -> task.starts == 0 && (isDropped(task) || full || (stopping && !task.durable));
        };
    }

    private static boolean joinedOneThatIsOver(ModelTask task) {
        return task.joinedTo != null && task.joinedTo.ended;
    }

    private boolean isDropped(ModelTask task) {
        return task.unique != null
                && task.unique.policy() == Unique.Policy.DROP
                && uniques.get(task.unique.key()) != task;
    }

    // What must hold between steps

    /** After each step. */
    void stepped() {
        for (var task : leasedInStep) {
            task.wasRetried = false;
            if (task.unique != null) {
                check(uniques.get(task.unique.key()) == task, () -> "two of one unique key: " + task);
            }
            if (task.orderingKey != null) {
                ModelTask before = inKey.put(task.orderingKey, task);
                check(
                        before == null || before == task || before.isGone(),
                        () -> "two of one ordering key: " + before + ", " + task);
                keepsKeyOrder(task);
            }
            if (task.sequence != null) {
                ModelTask before = inSequence.put(task.sequence, task);
                check(
                        before == null
                                || before == task
                                || (before.ended && before.numberInSequence < task.numberInSequence),
                        () -> "out of its sequence's order: " + before + ", " + task);
            }
        }
        leasedInStep.clear();
        var checked = Objects.requireNonNull(dispatcher);
        check(checked.counts().running() == running, () -> checked.counts().running() + " run, not " + running);
        int queued = Math.max(0, tasksOpen() - runningTasks());
        check(checked.queued() == queued, () -> checked.queued() + " queued, not " + queued);
        noneIdlesWhileWorkWaits(checked);
    }

    private void keepsKeyOrder(ModelTask task) {
        if (task.enteredKey || task.unique != null) {
            return;
        }
        task.enteredKey = true;
        var order = keyOrder.getOrDefault(task.orderingKey, new ArrayDeque<>());
        while (!order.isEmpty() && Objects.requireNonNull(order.peek()).isGone()) {
            order.remove();
        }
        check(order.peek() == task, () -> "out of its ordering key's order: " + task + ", next was " + order.peek());
    }

    private int tasksOpen() {
        return open.size() - eventsOpen;
    }

    private int runningTasks() {
        return running - overrun();
    }

    private int overrun() {
        if (!inProcess) {
            return 0;
        }
        int overrun = 0;
        for (var child : children.values()) {
            for (var task : child.leases.values()) {
                overrun += task.isOverrun() ? 1 : 0;
            }
        }
        return overrun;
    }

    private void noneIdlesWhileWorkWaits(Dispatcher<ModelTask> checked) {
        boolean idle = false;
        boolean asked = false;
        boolean keeps = false;
        for (var child : children.values()) {
            idle |= child.hasIdleSlot(leftBehind(child.place));
            asked |= !child.takeBacks.isEmpty();
            keeps |= child.keepsFreeWorkWaiting();
        }
        if (idle) {
            check(checked.counts().ready() == 0, () -> "free work waits while a slot is idle");
            check(!keeps || asked || hasSequences, () -> "free work waits in a child while a slot elsewhere is idle");
        }
    }

    private int leftBehind(int place) {
        return children.values().stream()
                .filter(child -> child.place == place && child.leaving && child.wornOut)
                .mapToInt(child -> Math.min(child.leases.size(), child.slots))
                .sum();
    }

    /** After time has done its work. */
    void ticked() {
        var next = Objects.requireNonNull(dispatcher).nextDueNanos();
        check(next.isEmpty() || next.getAsLong() > now(), () -> "something is due still");
        for (var task : open) {
            check(
                    task.deadlineAt > now() || (task.isLeased() && task.interrupted),
                    () -> "its deadline has passed: " + task);
            check(
                    task.deadlineAt == Long.MAX_VALUE
                            || (task.isLeased() && task.interrupted)
                            || (next.isPresent() && next.getAsLong() <= task.deadlineAt),
                    () -> "nothing will end it at its deadline: " + task);
            check(!hasTakenItsTime(task) || task.interrupted, () -> "its attempt has had its time: " + task);
            check(
                    !task.isLeased()
                            || !task.interrupted
                            || now() - task.interruptedAt < GRACE.toNanos()
                            || Objects.requireNonNull(task.child).toBeReplaced,
                    () -> "it did not yield: " + task);
        }
    }
}
