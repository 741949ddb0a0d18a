package dev.shunt.intake;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shunt.intake.ModelTask.Item;
import dev.shunt.intake.ModelTask.Place;
import dev.shunt.task.TaskOptions;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** One thing at a time, with the model looking on. */
class IntakeTest {

    private final IntakeModel model = new IntakeModel(10, false);
    private final Intake<Item> intake =
            new Intake<>(model.limits, model.time, model.store, model.time, model);
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
