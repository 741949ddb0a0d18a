package dev.shunt.dispatch;

import static dev.shunt.dispatch.Stage.GRACE;
import static dev.shunt.dispatch.Stage.SECOND;
import static org.assertj.core.api.Assertions.assertThat;

import dev.shunt.dispatch.Ending.Cancelled;
import dev.shunt.dispatch.Ending.Lost;
import dev.shunt.dispatch.Ending.Rejected;
import dev.shunt.dispatch.Ending.TimedOut;
import dev.shunt.task.TaskOptions;
import dev.shunt.task.Unique.Policy;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Children that are replaced, and one that cannot be. */
class HandoverTest {

    @Test
    void maxRuns_ofAChildThatCouldNotBeReplaced_asksAgainAfterAsMany() {
        var stage = Stage.of(Stage.maxRuns(2), 1);
        for (int i = 1; i <= 5; i++) {
            stage.submit("t" + i);
        }
        stage.done("t1");
        stage.done("t2");
        assertThat(stage.given()).containsExactly("t1", "t2");
        stage.dispatcher.notReplaced(stage.childOf("t2"));
        stage.done("t3");
        stage.done("t4");
        assertThat(stage.given()).containsExactly("t1", "t2", "t3", "t4");
        assertThat(stage.effects.replaced).hasSize(2);
    }

    @Test
    void notReplaced_butNotForItsRuns_makesItNoYounger() {
        var stage = Stage.of(Stage.maxRuns(2), 1);
        stage.submit("a");
        stage.done("a");
        stage.dispatcher.notReplaced(stage.childOf("a"));
        stage.submit("b");
        assertThat(stage.effects.replaced).hasSize(1);
    }

    @Test
    void maxRuns_isABound_whatIsPrefetchedCounts_andWhatComesBackDoesNot() {
        var stage = Stage.of(Stage.maxRuns(4), 1);
        stage.submit("warm");
        stage.doneQuickly("warm");
        for (var name : List.of("a", "b", "c", "d", "e")) {
            stage.submit(name);
        }
        assertThat(stage.given()).containsExactly("warm", "a", "b", "c");
        assertThat(stage.effects.replaced).as("once").containsExactly(0);
        stage.doneQuickly("a");
        assertThat(stage.given()).as("nothing for the slot that is free").hasSize(4);

        var old = stage.childOf("c");
        stage.dispatcher.childUp(0);
        assertThat(stage.given()).as("its successor waits for its slot").hasSize(4);
        stage.takenBack("c");
        stage.doneQuickly("b");
        assertThat(stage.given()).containsExactly("warm", "a", "b", "c", "c");
        assertThat(stage.childOf("c")).isNotSameAs(old);
        for (var name : List.of("c", "d", "e")) {
            stage.doneQuickly(name);
        }
        assertThat(stage.isEmpty()).isTrue();
    }

    @Test
    void maxRuns_aTaskThatRunsOn_leavesTheOtherSlotsToTheSuccessor_andNoMore() {
        var stage = Stage.of(Stage.maxRuns(1), 2);
        stage.submit("long");
        stage.submit("short");
        stage.submit("next");
        stage.done("short");
        stage.dispatcher.childUp(0);
        assertThat(stage.given()).containsExactly("long", "short", "next");
        assertThat(stage.dispatcher.counts().running()).isEqualTo(2);
        stage.submit("last");
        assertThat(stage.given()).as("as many at once as there are slots").hasSize(3);
        assertThat(stage.dispatcher.counts().idleSlots()).isZero();
        stage.done("long");
        assertThat(stage.given()).endsWith("last");
    }

    @Test
    void idleSlots_areThoseOfChildrenThatServe() {
        var stage = Stage.of(2, 1);
        stage.submit("old");
        stage.submit("older");
        assertThat(stage.dispatcher.counts().idleSlots()).isEqualTo(1);
        stage.dispatcher.childUp(0);
        stage.submit("new");
        stage.submit("newer");
        assertThat(stage.dispatcher.counts().running()).isEqualTo(4);
        assertThat(stage.dispatcher.counts().idleSlots()).isZero();
        stage.dies(stage.childOf("newer"), "newer");
        assertThat(stage.dispatcher.counts().idleSlots()).isNotNegative();
    }

    @Test
    void maxRuns_asksOncePerChild_andItsSuccessorCountsAnew() {
        var stage = Stage.of(Stage.maxRuns(3), 1);
        for (int i = 1; i <= 3; i++) {
            stage.submit("t" + i);
            stage.done("t" + i);
            assertThat(stage.effects.replaced).hasSize(i < 3 ? 0 : 1);
        }
        stage.submit("t4");
        assertThat(stage.given()).containsExactly("t1", "t2", "t3");
        var before = stage.childOf("t3");
        stage.dispatcher.childUp(0);
        stage.dies(before);
        stage.done("t4");
        for (int i = 5; i <= 6; i++) {
            stage.submit("t" + i);
            stage.done("t" + i);
        }
        assertThat(stage.effects.replaced).hasSize(2);
    }

    @Test
    void maxRuns_isForEachSlot_andRetriesCount() {
        var stage = Stage.of(Stage.maxRuns(2), 3);
        stage.submit("a", TaskOptions.DEFAULT.retries(1).backoff(SECOND));
        stage.failed("a");
        stage.pass(SECOND);
        stage.failed("a");
        for (int i = 3; i <= 5; i++) {
            stage.submit("t" + i);
            stage.done("t" + i);
        }
        assertThat(stage.effects.replaced).isEmpty();
        stage.submit("t6");
        stage.done("t6");
        assertThat(stage.effects.replaced).containsExactly(0);
    }

    @Test
    void maxRuns_hasJitter() {
        var options = new DispatcherOptions(1_000, GRACE, 10, 5, List.of());
        int runs = 0;
        for (var stage = Stage.of(options, 1); stage.effects.replaced.isEmpty(); runs++) {
            stage.submit("t" + runs);
            stage.done("t" + runs);
        }
        assertThat(runs).isBetween(10, 15);
    }

    @Test
    void childUp_whileAnotherServes_takesBackWhatThatHasNotStarted_inOrder() {
        var stage = stageWithPrefetched();
        stage.dispatcher.childUp(0);
        assertThat(stage.effects.takeBacks).containsExactly("0:" + Leases.MAX);
        stage.submit("d");
        assertThat(stage.given().getLast()).isEqualTo("d");

        var leaving = stage.childOf("a");
        stage.takenBack("c", "b");
        stage.doneQuickly("d");
        assertThat(stage.given().subList(4, 7)).containsExactly("d", "b", "c");
        assertThat(stage.childOf("b")).isNotSameAs(leaving);
        assertThat(stage.done("a")).as("what it runs may end").isNotNull();
        assertThat(stage.dispatcher.isIdle(leaving)).isTrue();
    }

    @Test
    void leavingChild_thatDies_losesWhatItRan_andNothingElse() {
        var stage = stageWithPrefetched();
        var leaving = stage.childOf("a");
        stage.dispatcher.childUp(0);
        assertThat(stage.dispatcher.counts().running()).isEqualTo(1);
        stage.dies(leaving, "a");
        assertThat(stage.ending("a")).isEqualTo(new Lost("killed"));
        stage.doneQuickly("b");
        assertThat(stage.given().subList(4, 6)).containsExactly("b", "c");
        assertThat(stage.effects.ended).containsOnlyKeys("a");
    }

    @Test
    void leavingWithoutSuccessor_whatWaitsStaysUntilOneIsUp() {
        var stage = Stage.of(1);
        stage.submit("a");
        stage.dispatcher.childLeaving(stage.childOf("a"));
        stage.submit("b");
        stage.done("a");
        assertThat(stage.given()).containsExactly("a");
        stage.dispatcher.childUp(0);
        assertThat(stage.given()).containsExactly("a", "b");
    }

    @Test
    void sequences_keepTheirOrderOverTheHandover() {
        var stage = Stage.of(1);
        var sequence = stage.dispatcher.openSequence();
        for (var name : List.of("e1", "e2", "e3")) {
            stage.submit(Work.inSequence(sequence, name));
        }
        var leaving = stage.childOf("e1");
        var successor = stage.dispatcher.childUp(0);
        assertThat(stage.given()).containsExactly("e1");
        stage.done("e1");
        assertThat(stage.childOf("e2")).isSameAs(successor);
        stage.done("e2");
        assertThat(stage.given()).containsExactly("e1", "e2", "e3");
        stage.dies(leaving);
        assertThat(stage.effects.ended).isEmpty();
    }

    @Test
    void sequences_anEventGivenBack_runsBeforeWhatCameAfterIt() {
        var stage = Stage.of(1);
        var sequence = stage.dispatcher.openSequence();
        stage.submit(Work.inSequence(sequence, "e1"));
        stage.submit(Work.inSequence(sequence, "e2"));
        stage.dispatcher.childUp(0);
        stage.takenBack("e1");
        stage.done("e1");
        assertThat(stage.given()).containsExactly("e1", "e1", "e2");
    }

    @Test
    void settledByALeavingChild_makesItsSuccessorNoOlder() {
        var stage = Stage.of(Stage.maxRuns(1), 1);
        stage.submit("a");
        stage.dispatcher.childUp(0);
        stage.done("a");
        assertThat(stage.effects.replaced).as("the old one").hasSize(1);
    }

    @Test
    void whereNothingCanBeReplaced_theCallerIsTold_andTheSlotStaysBusyUntilItsHandlerEnds() {
        var stage = overrun(TaskOptions.DEFAULT.retries(3).timeout(SECOND));
        assertThat(stage.ending("a")).isEqualTo(new TimedOut());
        assertThat(stage.effects.retried).isEmpty();
        assertThat(stage.given()).containsExactly("a");
        assertThat(stage.dispatcher.counts().running()).isEqualTo(1);
        assertThat(stage.dispatcher.queued()).isEqualTo(1);

        assertThat(stage.done("a")).as("told before").isNull();
        assertThat(stage.given()).containsExactly("a", "waits");
        stage.done("waits");
        assertThat(stage.effects.ended).containsOnlyKeys("a");
        assertThat(stage.isEmpty()).isTrue();
    }

    @Test
    void whereNothingCanBeReplaced_aLateFailure_isNotRetried() {
        var stage = overrun(TaskOptions.DEFAULT.retries(3).timeout(SECOND));
        assertThat(stage.failed("a")).isNull();
        assertThat(stage.effects.retried).isEmpty();
        stage.cancel("a");
        stage.done("waits");
        assertThat(stage.isEmpty()).isTrue();
    }

    @Test
    void whereNothingCanBeReplaced_whatJoinedIsToldToo_andTheKeyIsHeldUntilTheHandlerEnds() {
        var stage = Stage.of(2);
        stage.effects.mayReplace = false;
        stage.submit("a", TaskOptions.DEFAULT.uniqueKey("k"));
        stage.submit("joined", TaskOptions.DEFAULT.uniqueKey("k", Policy.JOIN));
        stage.cancel("a");
        stage.pass(GRACE);
        assertThat(stage.ending("a")).isEqualTo(new Cancelled());
        assertThat(stage.effects.joined.get("a")).containsExactly("joined");
        stage.submit("dropped", TaskOptions.DEFAULT.uniqueKey("k"));
        assertThat(stage.ending("dropped")).isInstanceOf(Rejected.class);
        stage.submit("late", TaskOptions.DEFAULT.uniqueKey("k", Policy.JOIN));
        stage.submit("next", TaskOptions.DEFAULT.uniqueKey("k", Policy.REPLACE));
        assertThat(stage.given()).containsExactly("a");

        stage.done("a");
        assertThat(stage.ending("late")).isEqualTo(new Cancelled());
        assertThat(stage.given()).containsExactly("a", "next");
        stage.done("next");
        assertThat(stage.isEmpty()).isTrue();
    }

    @Test
    void whereNothingCanBeReplaced_theOrderingKeyIsHeldUntilTheHandlerEnds() {
        var stage = Stage.of(2);
        stage.effects.mayReplace = false;
        stage.submit("a", TaskOptions.DEFAULT.orderingKey("k"));
        stage.submit("b", TaskOptions.DEFAULT.orderingKey("k"));
        stage.cancel("a");
        stage.pass(GRACE);
        assertThat(stage.ending("a")).isEqualTo(new Cancelled());
        assertThat(stage.given()).containsExactly("a");
        stage.failed("a");
        assertThat(stage.given()).containsExactly("a", "b");
        stage.done("b");
        assertThat(stage.isEmpty()).isTrue();
    }

    @Test
    void abandoned_andTheRestGoesOn() {
        var stage = overrun(TaskOptions.DEFAULT.timeout(SECOND));
        stage.dispatcher.abandon(stage.childOf("a"), "it did not end");
        assertThat(stage.given()).containsExactly("a", "waits");
        assertThat(stage.effects.ended).containsOnlyKeys("a");
        assertThat(stage.done("a")).isNull();
        assertThat(stage.dispatcher.sizes()).containsEntry("overrun", 0);
    }

    /** A handler on the only slot that has outlived its task. */
    private static Stage overrun(TaskOptions options) {
        var stage = Stage.of(1);
        stage.effects.mayReplace = false;
        stage.effects.runningNanos = SECOND.toNanos();
        stage.submit("a", options);
        stage.submit("waits");
        stage.pass(SECOND);
        stage.pass(GRACE);
        return stage;
    }

    /** The child runs a; b and c are prefetched. */
    private static Stage stageWithPrefetched() {
        var stage = Stage.of(1);
        stage.submit("warm");
        stage.doneQuickly("warm");
        for (var name : List.of("a", "b", "c")) {
            stage.submit(name);
        }
        assertThat(stage.given()).containsExactly("warm", "a", "b", "c");
        return stage;
    }
}
