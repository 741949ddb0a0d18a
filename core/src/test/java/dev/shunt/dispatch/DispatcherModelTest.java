package dev.shunt.dispatch;

import static dev.shunt.dispatch.DispatcherModel.check;

import dev.shunt.task.Priority;
import dev.shunt.task.TaskOptions;
import dev.shunt.task.Unique;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Random schedules over everything a dispatcher can do, held against {@link DispatcherModel}. A failure names its seed and
 * step; give the seed to {@link #run} alone to see it again.
 */
class DispatcherModelTest {

    private static final int SEEDS = 25;
    private static final int STEPS = 5_000;

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4, 5, 6, 7})
    void randomSchedules_keepEveryPromise(int part) {
        for (int seed = part * SEEDS; seed < (part + 1) * SEEDS; seed++) {
            run(seed);
        }
    }

    private static void run(int seed) {
        var schedule = new Schedule(seed);
        int step = 0;
        try {
            for (; step < STEPS; step++) {
                schedule.step();
            }
            schedule.finish();
        } catch (AssertionError | RuntimeException e) {
            throw new AssertionError("seed " + seed + ", step " + step + ": " + e.getMessage(), e);
        }
    }

    /** What callers, children and time do, at random. What differs from seed to seed is drawn first. */
    private static final class Schedule {

        private static final List<String> KEYS = List.of("a", "b", "c");
        private static final List<Unique.Policy> POLICIES = List.of(Unique.Policy.values());
        private static final List<Priority> PRIORITIES = List.of(Priority.values());

        private final SplittableRandom random;
        private final boolean inProcess;
        private final List<Integer> slots;
        private final int slotCount;
        private final boolean stops;
        private final DispatcherModel model;
        private final Dispatcher<ModelTask> dispatcher;
        private final List<Sequence<ModelTask>> sequences = new ArrayList<>();
        private final Set<Sequence<ModelTask>> finished = new HashSet<>();
        private int submitted;
        private int steps;
        private boolean finishing;

        Schedule(int seed) {
            random = new SplittableRandom(seed);
            inProcess = random.nextInt(5) == 0;
            slots = inProcess
                    ? List.of(1 + random.nextInt(4))
                    : random.ints(1 + random.nextInt(3), 1, 4).boxed().toList();
            slotCount = slots.stream().mapToInt(Integer::intValue).sum();
            stops = random.nextInt(4) == 0;
            int maxQueued = random.nextInt(4) == 0 ? 10 : 100;
            int sequenceCount = oneIn(3) ? 1 + random.nextInt(6) : 0;
            model = new DispatcherModel(slots, inProcess, sequenceCount > 0, maxQueued);
            var options = new DispatcherOptions(
                    maxQueued,
                    DispatcherModel.GRACE,
                    random.nextInt(3) == 0 ? 5 + random.nextInt(20) : 0,
                    random.nextInt(5),
                    DispatcherModel.RATES.stream().map(Optional::of).toList());
            dispatcher = new Dispatcher<>(slots, options, model.clock, new SplittableRandom(seed), model);
            model.checks(dispatcher);
            for (int i = 0; i < sequenceCount; i++) {
                sequences.add(dispatcher.openSequence());
            }
        }

        void step() {
            steps++;
            int draw = random.nextInt(100);
            if (draw < 25) {
                submit();
            } else if (draw < 32) {
                submitEvent();
            } else if (draw < 70) {
                work();
            } else if (draw < 82) {
                readMessage();
            } else if (draw < 92) {
                passTime();
            } else if (draw < 95) {
                cancel();
            } else {
                replaceChild();
            }
            if (stops && steps == STEPS * 3 / 4) {
                model.stopping = true;
                dispatcher.stop("the program stops");
            }
            model.stepped();
        }

        private void submit() {
            if (random.nextInt(4) != 0 && (steps / 300) % 2 == 1) {
                return; // a quiet time, in which slots fall idle
            }
            var task = new ModelTask("task " + submitted++);
            task.retries = oneIn(3) ? random.nextInt(4) : 0;
            task.priority = pick(PRIORITIES);
            var options = TaskOptions.DEFAULT
                    .retries(task.retries)
                    .backoff(Duration.ofMillis(random.nextInt(30)))
                    .priority(task.priority);
            if (oneIn(5)) {
                long delay = 1 + 20_000_000L * random.nextInt(4);
                task.dueAt = model.now() + delay;
                options = options.delay(Duration.ofNanos(delay));
            }
            if (oneIn(5)) {
                long deadline = 1 + 20_000_000L * random.nextInt(8);
                task.deadlineAt = model.now() + deadline;
                options = options.deadline(Duration.ofNanos(deadline));
            }
            if (oneIn(6)) {
                task.timeoutNanos = random.nextLong(1, 60_000_000);
                options = options.timeout(Duration.ofNanos(task.timeoutNanos));
            }
            if (oneIn(4)) {
                task.unique = new Unique(pick(KEYS), pick(POLICIES));
                options = options.uniqueKey(task.unique.key(), task.unique.policy());
            }
            if (oneIn(4)) {
                task.orderingKey = pick(KEYS);
                options = options.orderingKey(task.orderingKey);
            }
            if (oneIn(5)) {
                task.slot = random.nextInt(slotCount);
                options = options.slot(task.slot);
            }
            if (oneIn(6)) {
                task.type = random.nextInt(DispatcherModel.RATES.size());
            }
            if (oneIn(6)) {
                task.durable = true;
            }
            task.is(Work.task(task, RunPolicy.of(options, task.durable, 0, 0), task.type, 0));
            model.submitted(task);
            dispatcher.submit(task.work());
            model.full = false;
        }

        private void submitEvent() {
            if (sequences.isEmpty()) {
                return;
            }
            var sequence = pick(sequences);
            if (finished.contains(sequence)) {
                return;
            }
            var event = new ModelTask("event " + submitted);
            event.numberInSequence = submitted++;
            event.sequence = sequence;
            event.last = random.nextInt(200) == 0;
            if (event.last) {
                finished.add(sequence);
            }
            event.is(event.last ? Work.lastInSequence(sequence, event) : Work.inSequence(sequence, event));
            model.submitted(event);
            dispatcher.submit(event.work());
        }

        private void cancel() {
            if (model.open.isEmpty()) {
                return;
            }
            var task = List.copyOf(model.open).get(random.nextInt(model.open.size()));
            if (task.sequence == null) {
                task.cancelAsked = true;
                dispatcher.cancel(task.work());
            }
        }

        private void childUp(int place) {
            model.child(dispatcher.childUp(place));
        }

        private void passTime() {
            if (inProcess) {
                model.children.values().forEach(this::readInterrupts); // there they are read at once
            }
            model.clock.advance(Duration.ofNanos(random.nextInt(20_000_000)));
            if (!oneIn(4)) {
                tick(); // else the owner's timer is late
            }
        }

        private void tick() {
            model.ticks();
            dispatcher.tick();
            model.ticked();
        }

        private void work() {
            ModelChild child = anyChild();
            if (child == null) {
                return;
            }
            child.start().forEach(model::started);
            var running = child.running();
            if (running.isEmpty()) {
                return;
            }
            var task = pick(running);
            boolean ignoresInterrupt = task.name.hashCode() % 3 == 0;
            if (!task.interrupted || !ignoresInterrupt || (inProcess && oneIn(20)) || finishing) {
                settle(child, task);
            }
        }

        private void settle(ModelChild child, ModelTask task) {
            Failed failed = finishing || !oneIn(3)
                    ? null
                    : switch (random.nextInt(4)) {
                        case 0 -> Failed.FOR_GOOD;
                        case 1 -> new Failed(false, random.nextInt(50_000_000));
                        default -> Failed.BY_POLICY;
                    };
            boolean wasOver = task.ended;
            boolean mustRetry = failed != null
                    && !failed.isFinal()
                    && task.starts <= task.retries
                    && !(task.interrupted && (task.cancelAsked || task.deadlineAt <= model.now()))
                    && (!model.stopping || task.durable)
                    && task.deadlineAt == Long.MAX_VALUE;
            long lease = task.lease;
            model.leaseCloses(task);
            task.wasRetried = false;
            boolean isShort = (steps / 700) % 2 == 0;
            Work<ModelTask> over =
                    dispatcher.settled(child.load, lease, failed, isShort || oneIn(4) ? 2_000 : 50_000_000);
            check(over == null || over == task.work(), () -> "returned another work than " + task);
            if (wasOver) {
                check(over == null, () -> "ended again: " + task);
                return;
            }
            if (over != null) {
                model.returned(task);
            }
            check(failed != null || over != null, () -> "not done: " + task);
            check(!mustRetry || task.wasRetried, () -> "not retried after " + failed + ": " + task);
            check(task.ended || task.wasRetried, () -> "neither over nor to be retried: " + task);
        }

        private void readMessage() {
            ModelChild child = anyChild();
            if (child == null) {
                return;
            }
            Integer count = child.takeBacks.poll();
            if (count != null) {
                int before = child.leases.size();
                var back = child.takeBack(count);
                takenBack(child, before, back);
            }
            readInterrupts(child);
        }

        private void readInterrupts(ModelChild child) {
            for (Long lease = child.interrupts.poll(); lease != null; lease = child.interrupts.poll()) {
                ModelTask task = child.leases.get(lease);
                if (task == null) {
                    continue;
                }
                int before = child.leases.size();
                if (child.remove(task)) {
                    takenBack(child, before, List.of(task));
                } else if (task.isRunning() && oneIn(2) && task.name.hashCode() % 3 != 0) {
                    settle(child, task);
                }
            }
        }

        private void takenBack(ModelChild child, int before, List<ModelTask> back) {
            var leases = back.stream().map(task -> task.lease).toList();
            model.leavesClosed(child, before, back);
            dispatcher.takenBack(child.load, leases);
        }

        private void replaceChild() {
            int place = random.nextInt(slots.size());
            var here = model.children.values().stream()
                    .filter(child -> child.place == place)
                    .toList();
            var serving = here.stream().filter(child -> !child.leaving).findFirst();
            if (serving.isEmpty()) {
                childUp(place);
            } else if (!inProcess && (serving.get().toBeReplaced || oneIn(6))) {
                serving.get().leaving = true;
                if (oneIn(3)) {
                    dispatcher.childLeaving(serving.get().load);
                } else {
                    childUp(place);
                }
            } else if (inProcess && model.stopping && oneIn(10)) {
                abandon(serving.get());
            }
            for (var child : here) {
                boolean isOver = child.leaving && child.leases.isEmpty();
                if (!inProcess && (isOver || oneIn(child.toBeReplaced ? 3 : 12))) {
                    die(child);
                }
            }
        }

        private void abandon(ModelChild child) {
            for (var task : List.copyOf(child.leases.values())) {
                if (!child.remove(task)) {
                    model.leaseCloses(task);
                    task.died = true;
                } else {
                    model.leavesClosed(child, child.leases.size() + 1, List.of(task));
                    task.died = true;
                    task.starts++; // it may have started: nobody knows
                }
                task.wasRetried = false;
            }
            dispatcher.abandon(child.load, "it did not end");
        }

        private void die(ModelChild child) {
            child.leaving = true;
            var started = new HashSet<>(
                    child.running().stream().map(task -> task.lease).toList());
            var had = List.copyOf(child.leases.values());
            var running = child.running();
            int before = child.leases.size();
            child.leases.clear();
            model.leavesClosed(child, before, had);
            model.children.remove(child.load);
            for (var task : running) {
                task.died = true;
                task.wasRetried = false;
            }
            dispatcher.childDown(child.load, started::contains, "killed");
            for (var task : running) {
                check(task.ended || task.wasRetried, () -> "neither lost nor to be retried: " + task);
            }
        }

        /** Everything gets its time and its slot until all has ended, and then there is nothing left. */
        void finish() {
            finishing = true;
            for (int round = 0; round < 3_000 && !(model.open.isEmpty() && dispatcher.isIdle()); round++) {
                for (int place = 0; place < slots.size(); place++) {
                    int at = place;
                    model.children.values().stream()
                            .filter(child -> child.place == at && child.wornOut)
                            .forEach(child -> child.leaving = true);
                    if (model.children.values().stream().noneMatch(child -> child.place == at && !child.leaving)) {
                        childUp(place);
                        model.stepped();
                    }
                }
                model.clock.advance(Duration.ofMillis(1 + round));
                tick();
                model.stepped();
                for (var child : List.copyOf(model.children.values())) {
                    child.start().forEach(model::started);
                    for (var task : child.running()) {
                        settle(child, task);
                        model.stepped();
                    }
                }
                readMessage();
                model.stepped();
            }
            check(model.open.isEmpty(), () -> "never ended: " + model.open);
            check(model.done == submitted, () -> model.done + " ended of " + submitted);
            for (var child : List.copyOf(model.children.values())) {
                if (child.leaving) {
                    die(child);
                }
            }
            dispatcher.sizes().forEach((what, size) -> check(size == 0, () -> "left over: " + size + ' ' + what));
        }

        private @Nullable ModelChild anyChild() {
            var all = List.copyOf(model.children.values());
            return all.isEmpty() ? null : pick(all);
        }

        private boolean oneIn(int count) {
            return random.nextInt(count) == 0;
        }

        private <T> T pick(List<T> from) {
            return from.get(random.nextInt(from.size()));
        }
    }
}
