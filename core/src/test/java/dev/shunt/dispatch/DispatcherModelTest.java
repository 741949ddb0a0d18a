package dev.shunt.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Random schedules against a simple model of children: each work ends exactly once, nothing runs without a lease or more
 * often than its retries allow, lanes keep their order and their child, no slot idles while something could run.
 */
class DispatcherModelTest {

    private static final int STEPS = 20_000;

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
    void randomSchedule_keepsEveryPromise(long seed) {
        var run = new Run(seed);
        for (int step = 0; step < STEPS; step++) {
            run.step();
        }
        run.finish();
        assertThat(run.ended).as("seed %d", seed).hasSize(run.submitted);
    }

    private static final class ModelChild {
        final int slots;
        final Map<Long, Work<String>> queue = new LinkedHashMap<>();
        final Map<Long, Work<String>> running = new LinkedHashMap<>();
        boolean up;
        int takeBackOf;

        ModelChild(int slots) {
            this.slots = slots;
        }
    }

    private static final class Run implements Effects<String> {
        final SplittableRandom random;
        final SteppedClock clock = new SteppedClock();
        final List<ModelChild> children = List.of(new ModelChild(1), new ModelChild(2), new ModelChild(3));
        final Dispatcher<String> dispatcher;
        final List<Lane<String>> lanes = new ArrayList<>();
        final Map<Lane<String>, Integer> nextInLane = new HashMap<>();
        final Map<Lane<String>, Integer> lastRun = new HashMap<>();
        final Map<String, Integer> starts = new HashMap<>();
        final Map<String, Integer> allowed = new HashMap<>();
        final Map<String, Lane<String>> laneOf = new HashMap<>();
        final Set<String> ended = new HashSet<>();
        int submitted;

        Run(long seed) {
            random = new SplittableRandom(seed);
            dispatcher = new Dispatcher<>(
                    children.stream().map(child -> child.slots).toList(), 500, clock, new SplittableRandom(seed), this);
            for (int i = 0; i < (seed % 2 == 0 ? 6 : 0); i++) {
                var lane = dispatcher.openLane();
                lanes.add(lane);
                nextInLane.put(lane, 0);
                lastRun.put(lane, -1);
            }
        }

        void step() {
            switch (random.nextInt(12)) {
                case 0, 1, 2 -> submitFree();
                case 3 -> {
                    if (lanes.isEmpty()) {
                        submitFree();
                    } else {
                        submitInLane();
                    }
                }
                case 4 -> upOrDown(random.nextInt(children.size()));
                case 5 -> answerTakeBack(random.nextInt(children.size()));
                case 6 -> {
                    clock.advance(Duration.ofMillis(random.nextInt(50)));
                    dispatcher.tick();
                }
                default -> work(random.nextInt(children.size()));
            }
            check();
        }

        void finish() {
            for (int i = 0; i < children.size(); i++) {
                if (!children.get(i).up) {
                    upOrDown(i);
                }
            }
            for (int i = 0; ended.size() < submitted && i < 200_000; i++) {
                clock.advance(Duration.ofSeconds(1));
                dispatcher.tick();
                for (int child = 0; child < children.size(); child++) {
                    answerTakeBack(child);
                    work(child);
                }
            }
        }

        void submitFree() {
            String name = "free" + submitted++;
            int retries = random.nextInt(3);
            allowed.put(name, 1 + retries);
            dispatcher.submit(Work.free(name, retries, Duration.ofMillis(20).toNanos()));
        }

        void submitInLane() {
            var lane = lanes.get(random.nextInt(lanes.size()));
            String name = "lane" + lanes.indexOf(lane) + ":" + nextInLane.merge(lane, 1, Integer::sum);
            submitted++;
            allowed.put(name, 1);
            laneOf.put(name, lane);
            dispatcher.submit(Work.inLane(lane, name));
        }

        void upOrDown(int index) {
            var child = children.get(index);
            if (!child.up) {
                child.up = true;
                dispatcher.childUp(index);
            } else if (random.nextInt(4) == 0) {
                child.up = false;
                var running = Set.copyOf(child.running.keySet());
                child.queue.clear();
                child.running.clear();
                child.takeBackOf = 0;
                dispatcher.childDown(index, running::contains, "killed");
            }
        }

        /** Starts what is queued on free slots, then perhaps ends one run. */
        void work(int index) {
            var child = children.get(index);
            while (child.running.size() < child.slots && !child.queue.isEmpty()) {
                var first = child.queue.entrySet().iterator().next();
                child.queue.remove(first.getKey());
                child.running.put(first.getKey(), first.getValue());
                started(index, first.getValue().payload());
            }
            if (!child.running.isEmpty()) {
                var leases = List.copyOf(child.running.keySet());
                long lease = leases.get(random.nextInt(leases.size()));
                var work = Objects.requireNonNull(child.running.remove(lease));
                boolean failed = random.nextInt(3) == 0;
                long nanos = random.nextBoolean() ? 2_000 : 50_000_000;
                var over = dispatcher.settled(index, lease, failed, nanos);
                if (over != null) {
                    assertThat(over).isSameAs(work);
                    end(work.payload());
                }
            }
        }

        void started(int child, String name) {
            assertThat(starts.merge(name, 1, Integer::sum)).as(name).isLessThanOrEqualTo(allowed.get(name));
            assertThat(ended).doesNotContain(name);
            @Nullable Lane<String> lane = laneOf.get(name);
            if (lane != null) {
                assertThat(lane.child()).isEqualTo(child);
                int number = Integer.parseInt(name.substring(name.indexOf(':') + 1));
                assertThat(number).as("order in lane").isGreaterThan(lastRun.get(lane));
                lastRun.put(lane, number);
            }
        }

        void answerTakeBack(int index) {
            var child = children.get(index);
            if (child.takeBackOf > 0) {
                var back = new ArrayList<>(child.queue.keySet())
                        .reversed().stream().limit(child.takeBackOf).toList();
                back.forEach(child.queue::remove);
                child.takeBackOf = 0;
                dispatcher.takenBack(index, back);
            }
        }

        /** Nothing waits in the dispatcher, or ahead in another child without being asked back, while a slot is idle. */
        void check() {
            boolean idle = children.stream().anyMatch(c -> c.up && c.queue.size() + c.running.size() < c.slots);
            int ahead = children.stream()
                    .mapToInt(c -> Math.max(0, c.queue.size() + c.running.size() - c.slots))
                    .sum();
            if (idle) {
                assertThat(dispatcher.waiting())
                        .as("free work waits while a slot is idle")
                        .isZero();
                boolean asked = children.stream().anyMatch(c -> c.takeBackOf > 0);
                assertThat(ahead == 0 || asked || !lanes.isEmpty())
                        .as("%d wait ahead while a slot is idle", ahead)
                        .isTrue();
            }
            assertThat(dispatcher.queued()).isGreaterThanOrEqualTo(ahead);
        }

        void end(String name) {
            assertThat(ended.add(name)).as(name + " ends once").isTrue();
        }

        @Override
        public void lease(int child, long lease, Work<String> work) {
            assertThat(children.get(child).up).isTrue();
            children.get(child).queue.put(lease, work);
        }

        @Override
        public void takeBack(int child, int count) {
            children.get(child).takeBackOf = count;
        }

        @Override
        public void ended(Work<String> work, Ending ending) {
            end(work.payload());
        }
    }
}
