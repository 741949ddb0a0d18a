package dev.shunt.dispatch;

import static dev.shunt.dispatch.Stage.GRACE;
import static dev.shunt.dispatch.Stage.SECOND;
import static org.assertj.core.api.Assertions.assertThat;

import dev.shunt.dispatch.Ending.Cancelled;
import dev.shunt.task.RateLimit;
import dev.shunt.task.TaskOptions;
import dev.shunt.task.Unique.Policy;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class CancelTest {

    private final Stage stage = Stage.of(Stage.rated(new RateLimit(1, SECOND)), 1);

    private void isCancelled(String name) {
        stage.cancel(name);
        assertThat(stage.ending(name)).isEqualTo(new Cancelled());
        stage.cancel(name);
    }

    @Test
    void delayed_isCancelledAtOnce() {
        stage.submit("a", TaskOptions.DEFAULT.delay(SECOND));
        isCancelled("a");
        stage.pass(SECOND);
        assertThat(stage.given()).isEmpty();
        assertThat(stage.isEmpty()).isTrue();
    }

    @Test
    void waitingForARetry_isCancelledAtOnce() {
        stage.submit("a", TaskOptions.DEFAULT.retries(1));
        stage.failed("a");
        isCancelled("a");
        stage.pass(SECOND);
        assertThat(stage.given()).containsExactly("a");
    }

    @Test
    void behindAnOrderingKey_isCancelledAtOnce_andTheRestKeepsItsTurn() {
        for (var name : new String[] {"a", "b", "c"}) {
            stage.submit(name, TaskOptions.DEFAULT.orderingKey("k"));
        }
        isCancelled("b");
        stage.done("a");
        stage.done("c");
        assertThat(stage.given()).containsExactly("a", "c");
        assertThat(stage.isEmpty()).isTrue();
    }

    @Test
    void behindAUniqueKey_isCancelledAtOnce_andTheHolderRunsOn() {
        stage.submit("holder", TaskOptions.DEFAULT.uniqueKey("k"));
        stage.submit("joined", TaskOptions.DEFAULT.uniqueKey("k", Policy.JOIN));
        stage.submit("successor", TaskOptions.DEFAULT.uniqueKey("k", Policy.REPLACE));
        isCancelled("joined");
        isCancelled("successor");
        assertThat(stage.done("holder")).isNotNull();
        assertThat(stage.work("holder").joined()).isEmpty();
        assertThat(stage.given()).containsExactly("holder");
        assertThat(stage.isEmpty()).isTrue();
    }

    @Test
    void behindARateLimit_isCancelledAtOnce_andTakesNobodysTime() {
        stage.submit("a", TaskOptions.DEFAULT, 0);
        stage.submit("b", TaskOptions.DEFAULT, 0);
        isCancelled("b");
        stage.done("a");
        stage.submit("c", TaskOptions.DEFAULT, 0);
        stage.pass(SECOND);
        assertThat(stage.given()).containsExactly("a", "c");
    }

    @Test
    void ready_isCancelledAtOnce() {
        stage.submit("running");
        stage.submit("a");
        isCancelled("a");
        stage.done("running");
        assertThat(stage.given()).containsExactly("running");
        assertThat(stage.isEmpty()).isTrue();
    }

    @Test
    void leasedAndNotStarted_isGivenBack_andNeverRuns() {
        stage.submit("a");
        stage.cancel("a");
        assertThat(stage.isInterrupted("a")).isTrue();
        assertThat(stage.ending("a")).isNull();

        stage.takenBack("a");
        assertThat(stage.ending("a")).isEqualTo(new Cancelled());
        assertThat(stage.given()).containsExactly("a");
        assertThat(stage.isEmpty()).isTrue();
    }

    @Test
    void leasedAndNotStarted_whenTheChildDies_isCancelled() {
        stage.submit("a");
        stage.cancel("a");
        stage.dies(stage.childOf("a"));
        assertThat(stage.ending("a")).isEqualTo(new Cancelled());
    }

    @Test
    void running_isInterruptedOnce_andFailureIsCancelled_notRetried() {
        stage.submit("a", TaskOptions.DEFAULT.retries(3));
        stage.cancel("a");
        stage.cancel("a");
        assertThat(stage.effects.interrupted).hasSize(1);

        assertThat(stage.failed("a")).isNull();
        assertThat(stage.ending("a")).isEqualTo(new Cancelled());
        assertThat(stage.effects.retried).isEmpty();
    }

    @Test
    void running_endsWell_isDone() {
        stage.submit("a");
        stage.cancel("a");
        assertThat(stage.done("a")).isNotNull();
        assertThat(stage.effects.ended).isEmpty();
    }

    @Test
    void running_doesNotYield_itsChildIsReplaced() {
        stage.submit("a", TaskOptions.DEFAULT.retries(3));
        stage.cancel("a");
        stage.pass(GRACE);
        assertThat(stage.effects.replaced).containsExactly(0);
        stage.dies(stage.childOf("a"), "a");
        assertThat(stage.ending("a")).isEqualTo(new Cancelled());
    }

    @Test
    void afterATimeout_winsOverTheRetry() {
        stage.submit("a", TaskOptions.DEFAULT.retries(3).timeout(SECOND));
        stage.effects.runningNanos = SECOND.toNanos();
        stage.pass(SECOND);
        stage.cancel("a");
        stage.failed("a");
        assertThat(stage.ending("a")).isEqualTo(new Cancelled());
    }

    @Test
    void over_staysAsItEnded() {
        stage.submit("a");
        stage.done("a");
        stage.cancel("a");
        stage.pass(Duration.ofHours(1));
        assertThat(stage.effects.ended).isEmpty();
        assertThat(stage.effects.interrupted).isEmpty();
    }
}
