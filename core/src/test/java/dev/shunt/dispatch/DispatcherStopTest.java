package dev.shunt.dispatch;

import static dev.shunt.dispatch.Stage.SECOND;
import static org.assertj.core.api.Assertions.assertThat;

import dev.shunt.dispatch.Ending.Kept;
import dev.shunt.dispatch.Ending.Lost;
import dev.shunt.dispatch.Ending.Rejected;
import dev.shunt.task.Durability;
import dev.shunt.task.RateLimit;
import dev.shunt.task.TaskOptions;
import dev.shunt.task.Unique.Policy;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class DispatcherStopTest {

    /** Two slots. */
    private final Stage stage = Stage.of(Stage.rated(new RateLimit(1, SECOND)), 2);

    private void stop() {
        stage.dispatcher.stop("stopping");
    }

    /** One task in each state in which it has not been given to a child. */
    private void submitWaiting(TaskOptions options) {
        stage.submit("first", TaskOptions.DEFAULT.orderingKey("k").uniqueKey("k"), 0);
        stage.submit("retried", options.retries(1));
        stage.failed("retried");
        stage.submit("second");
        stage.submit("delayed", options.delay(SECOND));
        stage.submit("ordered", options.orderingKey("k"));
        stage.submit("successor", options.uniqueKey("k", Policy.REPLACE));
        stage.submit("rateLimited", options, 0);
        stage.submit("for a slot", options.slot(0));
        stage.submit("for the same slot", options.slot(0));
        stage.submit("ready", options);
    }

    @ParameterizedTest
    @EnumSource
    void whatWaits_isRejected_orLostIfItHasRun_orKeptIfItIsDurable(Durability durability) {
        submitWaiting(TaskOptions.DEFAULT.durability(durability));
        int given = stage.effects.given.size();
        stop();

        boolean isKept = durability != Durability.MEMORY;
        for (var name : List.of("delayed", "ordered", "successor", "rateLimited", "for the same slot", "ready")) {
            assertThat(stage.ending(name)).as(name).isInstanceOf(isKept ? Kept.class : Rejected.class);
        }
        assertThat(stage.ending("retried")).isInstanceOf(isKept ? Kept.class : Lost.class);
        stage.submit("late", TaskOptions.DEFAULT.durability(durability));
        assertThat(stage.ending("late")).isInstanceOf(isKept ? Kept.class : Rejected.class);

        stage.done("first");
        stage.done("second");
        stage.takenBack("for a slot");
        stage.pass(Duration.ofHours(1));
        assertThat(stage.ending("for a slot")).isInstanceOf(isKept ? Kept.class : Rejected.class);
        assertThat(stage.effects.given).as("nothing is given after the stop").hasSize(given);
        assertThat(stage.isEmpty()).isTrue();
    }

    @Test
    void whatRunsAndFails_isNotRetried_butKeptIfItIsDurable() {
        stage.submit("memory", TaskOptions.DEFAULT.retries(3));
        stage.submit("durable", TaskOptions.DEFAULT.retries(3).durability(Durability.DISK));
        stop();
        assertThat(stage.failed("memory")).isSameAs(stage.work("memory"));
        assertThat(stage.failed("durable")).isNull();
        assertThat(stage.ending("durable")).isEqualTo(new Kept());
        assertThat(stage.isEmpty()).isTrue();
    }

    @Test
    void whatRunsAndItsChildDies_isLost_orKeptIfItIsDurable() {
        stage.submit("memory", TaskOptions.DEFAULT.retries(3));
        stage.submit("durable", TaskOptions.DEFAULT.durability(Durability.DISK));
        stop();
        stage.dies(stage.childOf("memory"), "memory", "durable");
        assertThat(stage.ending("memory")).isEqualTo(new Lost("killed"));
        assertThat(stage.ending("durable")).isEqualTo(new Kept());
    }

    @Test
    void whatWasGivenAndNotStarted_isTakenBack_andNotGivenAgain() {
        stage.submit("a");
        stop();
        assertThat(stage.effects.takeBacks).containsExactly("0:" + Leases.MAX);
        stage.takenBack("a");
        assertThat(stage.ending("a")).isInstanceOf(Rejected.class);
        assertThat(stage.given()).containsExactly("a");
    }

    @Test
    void whatRunsAndWasCancelled_isCancelled() {
        stage.submit("a");
        stage.cancel("a");
        stop();
        stage.failed("a");
        assertThat(stage.ending("a")).isEqualTo(new Ending.Cancelled());
    }

    @Test
    void whatJoinedARunningTask_getsItsResult() {
        stage.submit("holder", TaskOptions.DEFAULT.uniqueKey("k"));
        var joined = stage.submit("joined", TaskOptions.DEFAULT.uniqueKey("k", Policy.JOIN));
        stop();
        assertThat(stage.ending("joined")).isNull();
        assertThat(stage.done("holder")).isNotNull();
        assertThat(stage.work("holder").joined()).containsExactly(joined);
        assertThat(stage.isEmpty()).isTrue();
    }

    @Test
    void whatJoinedAWaitingTask_endsWithIt() {
        stage.submit("holder", TaskOptions.DEFAULT.uniqueKey("k").delay(SECOND));
        stage.submit("joined", TaskOptions.DEFAULT.uniqueKey("k", Policy.JOIN));
        stop();
        assertThat(stage.effects.ended).containsOnlyKeys("holder");
        assertThat(stage.effects.joined.get("holder")).containsExactly("joined");
    }

    @Test
    void events_areRejected_exceptTheLastOfEachSequence() {
        var sequence = stage.dispatcher.openSequence();
        var other = stage.dispatcher.openSequence();
        stage.submit(Work.inSequence(sequence, "running"));
        stage.submit(Work.inSequence(sequence, "waiting"));
        stage.submit(Work.inSequence(other, "given"));
        stage.submit(Work.inSequence(other, "waiting too"));
        stage.submit(Work.lastInSequence(other, "other's last"));
        stop();
        stage.submit(Work.inSequence(sequence, "late"));
        stage.submit(Work.lastInSequence(sequence, "last"));

        stage.takenBack("given");
        stage.done("running");
        assertThat(stage.given()).containsExactly("running", "given", "other's last", "last");
        assertThat(stage.effects.ended).containsOnlyKeys("late", "given", "waiting too", "waiting");
    }

    @Test
    void events_ofAChildThatIsGone_areRejected_exceptTheLast_whichItsSuccessorRuns() {
        var sequence = stage.dispatcher.openSequence();
        stage.submit(Work.inSequence(sequence, "running"));
        stage.submit(Work.lastInSequence(sequence, "last"));
        stop();
        stage.dies(stage.childOf("running"), "running");
        assertThat(stage.ending("running")).isEqualTo(new Lost("killed"));
        stage.dispatcher.childUp(0);
        assertThat(stage.given()).containsExactly("running", "last");
    }
}
