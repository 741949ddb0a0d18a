package dev.shunt.intake;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shunt.intake.ModelTask.Item;
import dev.shunt.intake.ModelTask.Place;
import dev.shunt.task.StoredTask;
import dev.shunt.task.TaskOptions;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** One thing at a time, with the model looking on. */
class IntakeTest {

    private final IntakeModel model = new IntakeModel(10, false);
    private final Intake<Item> intake = new Intake<>(model.limits, model.time, model.store, model.time, model);
    private long ids;

    @Test
    void plain_entersAtOnce() {
        assertThat(accept(TaskOptions.DEFAULT, false).place).isEqualTo(Place.QUEUED);
    }

    @Test
    void stored_goesOn_whenTheStoreHasIt_andAllOfItsKeyBeforeIt() {
        var durable = accept(keyed(), true);
        var next = accept(keyed(), false);
        assertThat(model.dispatch).isEmpty();
        model.store.answerAppend(false);
        assertThat(model.dispatch).containsExactly(durable, next);
    }

    @Test
    void otherKeys_doNotWaitForIt() {
        accept(keyed(), true);
        var other = accept(TaskOptions.DEFAULT.orderingKey("other"), false);
        assertThat(model.dispatch).containsExactly(other);
    }

    @Test
    void anEarlierRunIsNotRecovered_allOfAKeyWait() {
        var model = new IntakeModel(10, false);
        var earlier = task(keyed(), true);
        model.earlier(earlier);
        var intake = new Intake<>(model.limits, model.time, model.store, model.time, model);
        var later = task(keyed(), false);
        model.asks(later);
        intake.accept(later.item(), null);
        model.asked(later, false);
        assertThat(model.dispatch).isEmpty();
        intake.recover();
        model.store.answerQuestion(false);
        assertThat(model.dispatch).containsExactly(earlier, later);
    }

    @Test
    void cancelled_isOverBeforeItsTurn() {
        accept(keyed(), true);
        var second = accept(keyed(), false);
        second.cancelAsked = true;
        intake.cancel(second.id);
        assertThat(second.place).isEqualTo(Place.OVER);
    }

    @Test
    void cancelled_whileItIsOnItsWayIntoTheStore_isOverAsSoonAsItIsThere() {
        var durable = accept(keyed(), true);
        durable.cancelAsked = true;
        intake.cancel(durable.id);
        assertThat(durable.place).isEqualTo(Place.MEMORY);
        model.store.answerAppend(false);
        assertThat(durable.place).isEqualTo(Place.OVER);
        assertThat(model.dispatch).isEmpty();
    }

    @Test
    void cancelled_andTheStoreDoesNotKeepIt_nothingEnters() {
        var durable = accept(keyed(), true);
        durable.cancelAsked = true;
        intake.cancel(durable.id);
        model.store.answerAppend(true);
        assertThat(durable.refused).isTrue();
        assertThat(durable.place).isEqualTo(Place.OVER);
    }

    @Test
    void notDue_entersWhenItIs() {
        var options = TaskOptions.DEFAULT.delay(Duration.ofMillis(20));
        var delayed = task(options, false);
        delayed.dueNanos = 20_000_000;
        accept(delayed);
        model.time.advance(19_000_000, () -> {});
        assertThat(delayed.place).isEqualTo(Place.MEMORY);
        model.time.advance(1_000_000, () -> {});
        assertThat(delayed.place).isEqualTo(Place.QUEUED);
    }

    /** So that whoever looks holds up nobody, however many there are. */
    @Test
    void whatWaits_isSeenInSteps_ofSoManyAtMost() {
        var many = new IntakeModel(10_000, false);
        var large = new Intake<>(many.limits, many.time, many.store, many.time, many);
        for (int i = 0; i < 3_000; i++) {
            var options = i % 3 == 0
                    ? keyed()
                    : TaskOptions.DEFAULT.delay(Duration.ofHours(1)).uniqueKey("u" + i);
            var task = task(options, i == 0);
            task.dueNanos = i % 3 == 0 ? 0 : 60 * MINUTE;
            many.asks(task);
            large.accept(task.item(), null);
            many.asked(task, false);
        }
        var waits = new HashMap<Long, Seen.Waits>();
        var walk = large.seen().walk();
        int steps = 0;
        boolean more = true;
        while (more) {
            int before = waits.size();
            more = walk.next(100, (item, how, _) -> waits.put(item.id(), how));
            assertThat(waits.size() - before).isLessThanOrEqualTo(100);
            steps++;
        }
        assertThat(steps).isGreaterThan(30);
        assertThat(waits).hasSize(2_999); // the first is on its way into the store
        assertThat(waits.values()).containsOnly(Seen.Waits.FOR_ITS_TIME, Seen.Waits.FOR_ITS_TURN);
    }

    private static final long MINUTE = Duration.ofMinutes(1).toNanos();

    private ModelTask dueAt(TaskOptions options, long minutes) {
        var task = task(options, false);
        task.dueNanos = minutes * MINUTE;
        return accept(task);
    }

    private static TaskOptions atMinute(long minutes) {
        return TaskOptions.DEFAULT.at(Instant.EPOCH.plus(Duration.ofMinutes(minutes)));
    }

    @Test
    void at_clockSetBack_waitsForTheNewTime() {
        var task = dueAt(atMinute(20), 80);
        model.time.advance(10 * MINUTE, () -> {});
        model.time.setWall(-60 * 60_000);
        model.time.advance(70 * MINUTE - 1, () -> {});
        assertThat(task.place).isEqualTo(Place.MEMORY);
        model.time.advance(1, () -> {});
        assertThat(task.place).isEqualTo(Place.QUEUED);
    }

    @Test
    void at_clockSetBackInTheLastMinute_waitsForTheNewTime() {
        var task = dueAt(atMinute(20), 80);
        model.time.advance(20 * MINUTE - 1, () -> {});
        model.time.setWall(-60 * 60_000);
        model.time.advance(60 * MINUTE, () -> {});
        assertThat(task.place).isEqualTo(Place.MEMORY);
        model.time.advance(1, () -> {});
        assertThat(task.place).isEqualTo(Place.QUEUED);
    }

    @Test
    void at_clockSetForward_entersWithinAMinute() {
        var task = dueAt(atMinute(100), 10);
        var later = dueAt(atMinute(171), 81);
        model.time.advance(10 * MINUTE - 1, () -> {});
        model.time.setWall(90 * 60_000);
        model.time.advance(MINUTE, () -> {});
        assertThat(task.place).isEqualTo(Place.QUEUED);
        assertThat(later.place).isEqualTo(Place.MEMORY);
        model.time.advance(70 * MINUTE + 1, () -> {});
        assertThat(later.place).isEqualTo(Place.QUEUED);
        assertThat(model.time.alarms()).isZero();
    }

    @Test
    void delayAndDeadline_theClockIsSet_countOnTheMonotonicOne() {
        var delayed = dueAt(TaskOptions.DEFAULT.delay(Duration.ofMinutes(20)), 20);
        var late = task(TaskOptions.DEFAULT.delay(Duration.ofDays(1)).deadline(Duration.ofMinutes(20)), false);
        late.dueNanos = Long.MAX_VALUE;
        accept(late);
        for (long set : new long[] {3_600_000, -7_200_000}) {
            model.time.setWall(set);
            model.time.advance(9 * MINUTE, () -> {});
        }
        assertThat(delayed.place).isEqualTo(Place.MEMORY);
        assertThat(late.place).isEqualTo(Place.MEMORY);
        model.time.advance(2 * MINUTE, () -> {});
        assertThat(delayed.place).isEqualTo(Place.QUEUED);
        assertThat(late.place).isEqualTo(Place.OVER);
    }

    @Test
    void ofAnEarlierRun_whoseClockWasYearsAhead_isDueNoLaterThanItWasThen() {
        var model = new IntakeModel(10, false);
        var first = ahead(1, 0, Duration.ZERO);
        var again = ahead(2, 1, Duration.ofMinutes(30));
        model.earlier(first);
        model.earlier(again);
        var delays = new HashMap<Long, Long>();
        var intake = new Intake<>(model.limits, model.time, model.store, model.time, new Handover<Item>() {
            @Override
            public int queued() {
                return 0;
            }

            @Override
            public int aside() {
                return 0;
            }

            @Override
            public long asideBytes() {
                return 0;
            }

            @Override
            public boolean holdsUniqueKey(String key) {
                return false;
            }

            @Override
            public boolean holdsOrderingKey(String key) {
                return false;
            }

            @Override
            public void giveUpUniqueKey(String key) {}

            @Override
            public Runnable enter(Item task, int attempts, long delayNanos) {
                delays.put(task.id(), delayNanos);
                return () -> {};
            }

            @Override
            public void ended(Item task, boolean inLog, NotEntered why) {}

            @Override
            public void damaged(long taskId, String problem) {}

            @Override
            public Item withoutPayload(Item task) {
                return task;
            }

            @Override
            public Optional<Item> restored(StoredTask stored, @Nullable Item asked) {
                return Optional.of((stored.id() == 1 ? first : again).item());
            }
        });
        intake.recover();
        model.store.answerQuestion(false);
        assertThat(delays).isEqualTo(Map.of(1L, 0L, 2L, 30 * MINUTE));
    }

    private static ModelTask ahead(long id, int attempts, Duration untilNext) {
        var task = new ModelTask(id);
        task.durable = true;
        task.attempts = attempts;
        task.acceptedAtMillis = Duration.ofDays(3_650).toMillis();
        task.dueAtMillis = task.acceptedAtMillis + untilNext.toMillis();
        return task;
    }

    private static TaskOptions keyed() {
        return TaskOptions.DEFAULT.orderingKey("key");
    }

    private ModelTask task(TaskOptions options, boolean durable) {
        var task = new ModelTask(++ids);
        task.options = options;
        task.durable = durable;
        task.cancellable = true;
        return task;
    }

    private ModelTask accept(TaskOptions options, boolean durable) {
        return accept(task(options, durable));
    }

    private ModelTask accept(ModelTask task) {
        model.asks(task);
        intake.accept(task.item(), null);
        model.asked(task, false);
        return task;
    }
}
