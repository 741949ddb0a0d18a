package dev.shunt.intake;

import static dev.shunt.intake.IntakeModel.check;

import dev.shunt.data.Data;
import dev.shunt.intake.ModelTask.Item;
import dev.shunt.intake.ModelTask.Place;
import dev.shunt.task.TaskOptions;
import dev.shunt.task.Unique;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Random schedules over everything an intake can do, held against {@link IntakeModel}. A failure names its seed and
 * step; give the seed to {@link #run} alone to see it again.
 */
class IntakeModelTest {

    private static final int SEEDS = 25;
    private static final int STEPS = 2_000;
    static final int LARGE_BYTES = 24 << 20;

    private static final Data LARGE = Data.of(new byte[LARGE_BYTES]);

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
            schedule.start();
            for (; step < STEPS; step++) {
                schedule.step();
            }
            schedule.finish();
        } catch (AssertionError | RuntimeException e) {
            throw new AssertionError("seed " + seed + ", step " + step + ": " + e.getMessage(), e);
        }
    }

    /** What callers, the store, dispatch and time do, at random. What differs from seed to seed is drawn first. */
    private static final class Schedule {

        private static final List<String> KEYS = List.of("a", "b", "c");

        private final SplittableRandom random;
        private final IntakeModel model;
        private final Intake<Item> intake;
        private final boolean hasLarge;
        private final boolean stops;
        private final int failures;
        private final int storeSpeed;
        private final int dispatchSpeed;
        private long ids = 1;
        private int steps;

        Schedule(int seed) {
            random = new SplittableRandom(seed);
            int maxTasks = 1 + random.nextInt(oneIn(4) ? 100 : 8);
            hasLarge = oneIn(4);
            long maxBytes = hasLarge && oneIn(2) ? 3L * LARGE_BYTES : 1L << 40;
            int maxDelayed = 1 + random.nextInt(oneIn(4) ? 100 : 8);
            model = new IntakeModel(new IntakeLimits(maxTasks, maxBytes, maxDelayed, maxBytes, oneIn(2)));
            stops = oneIn(3);
            failures = oneIn(2) ? 2 + random.nextInt(10) : Integer.MAX_VALUE;
            storeSpeed = 5 + random.nextInt(30);
            dispatchSpeed = 5 + random.nextInt(30);
            model.time.advance(TimeUnit.DAYS.toNanos(1), () -> {});
            int earlier = oneIn(2) ? random.nextInt(60) : 0;
            for (int i = 0; i < earlier; i++) {
                leaveInStore();
            }
            intake = new Intake<>(model.limits, model.time, model.store, model.time, model);
        }

        private void leaveInStore() {
            var task = task();
            task.durable = true;
            task.cancellable = false;
            if (oneIn(5)) {
                task.attempts = 1;
                task.dueAtMillis = model.time.epochMillis() + random.nextInt(100);
                task.dueNanos = Math.max(task.dueNanos, task.dueAtMillis * 1_000_000);
            }
            task.unreadable = oneIn(20);
            model.earlier(task);
        }

        private ModelTask task() {
            var task = new ModelTask(ids++);
            task.acceptedAtMillis = model.time.epochMillis();
            task.acceptedAtNanos = task.acceptedAtMillis * 1_000_000;
            task.durable = oneIn(3);
            task.cancellable = oneIn(3);
            task.data = hasLarge && oneIn(3) ? LARGE : Data.empty();
            var options = TaskOptions.DEFAULT;
            if (oneIn(4)) {
                long millis = 1L + random.nextInt(60);
                task.dueNanos = task.acceptedAtNanos + millis * 1_000_000;
                options = oneIn(2)
                        ? options.delay(Duration.ofMillis(millis))
                        : options.at(Instant.ofEpochMilli(task.acceptedAtMillis + millis));
            }
            if (oneIn(5)) {
                options = options.deadline(Duration.ofMillis(1 + random.nextInt(80)));
            }
            if (oneIn(4)) {
                var policies = Unique.Policy.values();
                options = options.uniqueKey(
                        KEYS.get(random.nextInt(KEYS.size())), policies[random.nextInt(policies.length)]);
            }
            if (oneIn(2)) {
                options = options.orderingKey(KEYS.get(random.nextInt(KEYS.size())));
            }
            task.options = options;
            return task;
        }

        void start() {
            if (oneIn(2)) {
                intake.recover();
                steps = STEPS; // else later
            }
            model.stepped(intake);
        }

        void step() {
            int draw = random.nextInt(100);
            if (steps < STEPS && steps++ == 50) {
                intake.recover();
                steps = STEPS;
            } else if (draw < 30) {
                submit();
            } else if (draw < 30 + storeSpeed / 2) {
                model.store.answerAppend(oneIn(failures));
            } else if (draw < 30 + storeSpeed) {
                model.store.answerQuestion(oneIn(failures));
            } else if (draw < 30 + storeSpeed + dispatchSpeed) {
                dispatch();
            } else if (draw < 98) {
                other();
            } else {
                spoil();
            }
            model.stepped(intake);
        }

        private void submit() {
            var task = task();
            if (oneIn(30) && !model.store.isStoring()) { // it answers in order
                revive(task);
                return;
            }
            task.waits = oneIn(3);
            model.asks(task);
            long spilling = spilling();
            intake.accept(task.item(), task.waits ? () -> model.taken(task) : null);
            model.asked(task, spilling() > spilling);
        }

        private long spilling() {
            return intake.sizes().getOrDefault("SPILLING", 0L);
        }

        private void revive(ModelTask task) {
            task.durable = true;
            task.cancellable = false;
            model.revives(task);
            intake.revived(task.item(), task.toStore());
        }

        private void dispatch() {
            if (oneIn(2)) {
                model.dispatch.stream()
                        .filter(task -> task.place == Place.QUEUED && !model.isAside(task))
                        .findFirst()
                        .ifPresent(task -> task.place = Place.RUNNING);
            } else {
                var running = model.queuedThere().stream()
                        .filter(task -> task.place == Place.RUNNING)
                        .toList();
                if (!running.isEmpty()) {
                    var task = running.get(random.nextInt(running.size()));
                    model.endsThere(task);
                }
            }
            tell();
        }

        private void tell() {
            while (!model.toBeTold.isEmpty() && !oneIn(4)) {
                var task = model.toBeTold.poll();
                model.store.remove(task);
                intake.over(task.isShell() ? new Item(task, false) : task.item());
            }
            moved();
        }

        private void moved() {
            intake.moved();
            model.moved();
        }

        private void other() {
            switch (random.nextInt(4)) {
                case 0 -> {
                    var task = any();
                    if (task != null) {
                        boolean had = task.hasEntered();
                        task.cancelAsked |= task.cancellable && !had;
                        intake.cancel(task.id);
                        check(task.cancelledThere || !had || !task.cancellable, () -> "not cancelled: " + task);
                    }
                }
                case 1 -> {
                    var task = any();
                    if (task != null) {
                        task.withdrawAsked = true;
                        boolean waited = task.place == Place.WAITS_FOR_ROOM;
                        intake.withdraw(task.id);
                        check(!waited || (task.isOver() && task.taken == 1), () -> "not withdrawn: " + task);
                    }
                }
                case 2 -> passTime(1_000_000L * random.nextInt(20));
                default -> {
                    if (stops && !model.stopping && oneIn(100)) {
                        model.stopping = true;
                        intake.stop();
                    } else if (model.stopping && oneIn(50)) {
                        giveUp();
                    }
                }
            }
        }

        private void giveUp() {
            model.givenUp = true;
            intake.giveUp();
            leftToTheNextRun();
        }

        private void leftToTheNextRun() {
            List.copyOf(model.open()).stream()
                    .filter(task -> task.place == Place.STORE && !task.reading)
                    .forEach(model::over);
        }

        private void passTime(long nanos) {
            model.time.advance(nanos, () -> model.stepped(intake));
        }

        /** A bit flips, or somebody removes a row. */
        private void spoil() {
            var task = any();
            if (task != null && task.place == Place.STORE && !task.reading && !task.ofEarlierRun && oneIn(3)) {
                task.unreadable = true;
                if (oneIn(2)) {
                    model.store.remove(task);
                }
            }
        }

        private @Nullable ModelTask any() {
            var all = List.copyOf(model.open());
            return all.isEmpty() ? null : all.get(random.nextInt(all.size()));
        }

        /** Everything gets its answer, its time and its turn until all is over, and then there is nothing left. */
        void finish() {
            for (int round = 0; round < 3_000 && !isDone(); round++) {
                model.store.answerAppend(false);
                model.stepped(intake);
                model.store.answerQuestion(false);
                model.stepped(intake);
                dispatch();
                model.stepped(intake);
                passTime(5_000_000L * (1 + round));
                if (model.stopping && round == 1_000) {
                    giveUp();
                }
            }
            while (!model.toBeTold.isEmpty()) {
                tell();
            }
            if (model.stopping) {
                leftToTheNextRun();
            }
            check(model.open().isEmpty(), () -> "never over: " + model.open());
            check(model.ended == ids - 1, () -> model.ended + " of " + (ids - 1) + " are over");
            check(intake.waits() == 0, () -> intake.waits() + " wait");
            intake.sizes().forEach((what, size) -> check(size == 0, () -> "left over: " + size + ' ' + what));
            check(model.time.alarms() == 0, () -> "left over: " + model.time.alarms() + " alarms");
        }

        private boolean isDone() {
            return model.open().isEmpty() && model.toBeTold.isEmpty() && !model.store.owesAnswer();
        }

        private boolean oneIn(int count) {
            return random.nextInt(count) == 0;
        }
    }
}
