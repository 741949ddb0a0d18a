package dev.shunt.engine.manager;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shunt.data.Data;
import dev.shunt.task.Durability;
import dev.shunt.task.Interest;
import dev.shunt.task.Submission;
import dev.shunt.task.TaskOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class InOrderTest {

    private final AtomicBoolean recovered = new AtomicBoolean();
    private final List<Long> gone = new ArrayList<>();
    private final InOrder inOrder = new InOrder(recovered::get, task -> gone.add(task.id()));

    @Test
    void stored_goesOn_whenTheLogHasIt_andAllBeforeIt() {
        recovered.set(true);
        inOrder.addGiven(task(1));
        inOrder.add(task(2));
        assertThat(gone).isEmpty();
        inOrder.kept(task(1));
        assertThat(gone).containsExactly(1L, 2L);
    }

    @Test
    void anEarlierRunIsNotRecovered_allWait() {
        inOrder.addGiven(task(1));
        inOrder.kept(task(1));
        assertThat(gone).isEmpty();
        recovered.set(true);
        inOrder.proceed();
        assertThat(gone).containsExactly(1L);
    }

    @Test
    void addNow_goesOnBeforeItsTurn() {
        inOrder.addGiven(task(1));
        inOrder.addGiven(task(2));
        inOrder.kept(task(1));
        inOrder.kept(task(2));
        inOrder.addNow(2);
        assertThat(gone).containsExactly(2L);
    }

    @Test
    void addNow_whileItIsOnItsWayIntoTheLog_goesOnAsSoonAsItIsThere_once() {
        inOrder.addGiven(task(1));
        inOrder.addGiven(task(2));
        inOrder.addNow(2);
        inOrder.kept(task(1));
        assertThat(gone).isEmpty();
        inOrder.kept(task(2));
        assertThat(gone).containsExactly(2L);
        recovered.set(true);
        inOrder.proceed();
        assertThat(gone).containsExactly(2L, 1L);
    }

    @Test
    void addNow_ofOneThatTheLogDoesNotKeep_nothingGoesOn() {
        inOrder.addGiven(task(1));
        inOrder.addNow(1);
        inOrder.notKept(task(1));
        recovered.set(true);
        inOrder.proceed();
        assertThat(gone).isEmpty();
    }

    private static TaskItem task(long id) {
        var options = TaskOptions.DEFAULT.orderingKey("key").durability(Durability.DISK);
        var nobody = new Origin.Here(Runnable::run, _ -> {}, Interest.END);
        return new TaskItem(id, Submission.untyped(Data.empty(), options), 0, nobody, 0, true, false);
    }
}
