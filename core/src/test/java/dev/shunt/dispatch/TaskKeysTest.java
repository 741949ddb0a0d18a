package dev.shunt.dispatch;

import static dev.shunt.dispatch.Stage.SECOND;
import static org.assertj.core.api.Assertions.assertThat;

import dev.shunt.dispatch.Ending.Cancelled;
import dev.shunt.dispatch.Ending.Rejected;
import dev.shunt.dispatch.Ending.TimedOut;
import dev.shunt.task.TaskOptions;
import dev.shunt.task.Unique.Policy;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Unique keys, with the task that holds one in each state, and ordering keys. */
class TaskKeysTest {

    private static final TaskOptions KEY = TaskOptions.DEFAULT.uniqueKey("k");
    private static final TaskOptions JOIN = TaskOptions.DEFAULT.uniqueKey("k", Policy.JOIN);
    private static final TaskOptions REPLACE = TaskOptions.DEFAULT.uniqueKey("k", Policy.REPLACE);
    private static final TaskOptions ORDERED = TaskOptions.DEFAULT.orderingKey("k");

    /** What the task that has the key is doing. */
    @SuppressWarnings("ImmutableEnumChecker") // the functions have no state
    enum Holder {
        DELAYED(false, stage -> stage.submit("holder", KEY.delay(SECOND))),
        BEHIND_AN_ORDERING_KEY(false, stage -> {
            stage.submit("first", ORDERED);
            stage.submit("holder", KEY.orderingKey("k"));
        }),
        READY(false, stage -> {
            stage.submit("first");
            stage.submit("second");
            stage.submit("holder", KEY);
        }),
        LEASED(true, stage -> stage.submit("holder", KEY)),
        WAITING_FOR_A_RETRY(false, stage -> {
            stage.submit("holder", KEY.retries(1));
            stage.failed("holder");
        });

        private final boolean leased;
        private final Consumer<Stage> make;

        Holder(boolean leased, Consumer<Stage> make) {
            this.leased = leased;
            this.make = make;
        }

        Stage stage() {
            var stage = Stage.of(2);
            make.accept(stage);
            return stage;
        }

        /** Lets it come to its end, well. */
        void finish(Stage stage) {
            stage.pass(Duration.ofSeconds(2));
            for (var first : List.of("first", "second")) {
                if (stage.given().contains(first)) {
                    stage.done(first);
                }
            }
            assertThat(stage.done("holder")).isSameAs(stage.work("holder"));
        }
    }

    @ParameterizedTest
    @EnumSource
    void drop_rejectsTheSecond_untilTheFirstIsOver(Holder holder) {
        var stage = holder.stage();
        stage.submit("second one", KEY);
        assertThat(stage.ending("second one")).isInstanceOf(Rejected.class);
        holder.finish(stage);

        stage.submit("third one", KEY);
        assertThat(stage.done("third one")).isNotNull();
        assertThat(stage.isEmpty()).isTrue();
    }

    @ParameterizedTest
    @EnumSource
    void join_doesNotRun_andEndsWithTheFirst(Holder holder) {
        var stage = holder.stage();
        var one = stage.submit("one", JOIN);
        var two = stage.submit("two", JOIN.delay(SECOND));
        assertThat(stage.dispatcher.queued()).isGreaterThanOrEqualTo(2);
        holder.finish(stage);

        assertThat(stage.work("holder").joined()).containsExactly(one, two);
        assertThat(stage.given()).doesNotContain("one", "two");
        assertThat(stage.effects.ended).isEmpty();
        assertThat(stage.isEmpty()).isTrue();
    }

    @ParameterizedTest
    @EnumSource
    void join_endsWithTheFirst_whenThatIsCancelled(Holder holder) {
        var stage = holder.stage();
        stage.submit("one", JOIN);
        stage.cancel("holder");
        if (holder.leased) {
            stage.takenBack("holder");
        }
        assertThat(stage.ending("holder")).isEqualTo(new Cancelled());
        assertThat(stage.effects.joined.get("holder")).containsExactly("one");
    }

    @ParameterizedTest
    @EnumSource
    void join_endsAtItsOwnDeadline_ifThatIsSooner(Holder holder) {
        var stage = holder.stage();
        stage.submit("one", JOIN.deadline(Duration.ofMillis(100)));
        stage.pass(Duration.ofMillis(100));
        assertThat(stage.ending("one")).isEqualTo(new TimedOut());
        holder.finish(stage);
        assertThat(stage.work("holder").joined()).isEmpty();
        assertThat(stage.isEmpty()).isTrue();
    }

    @ParameterizedTest
    @EnumSource
    void replace_cancelsTheFirst_andRunsAfterIt(Holder holder) {
        var stage = holder.stage();
        stage.submit("one", REPLACE);
        if (holder.leased) {
            assertThat(stage.isInterrupted("holder")).isTrue();
            assertThat(stage.given()).doesNotContain("one");
            stage.failed("holder");
        }
        assertThat(stage.ending("holder")).isEqualTo(new Cancelled());
        for (var first : List.of("first", "second")) {
            if (stage.given().contains(first)) {
                stage.done(first);
            }
        }
        assertThat(stage.done("one")).isNotNull();
        assertThat(stage.isEmpty()).isTrue();
    }

    @ParameterizedTest
    @EnumSource
    void replace_theLastOfSeveral_isTheOneThatRuns(Holder holder) {
        var stage = holder.stage();
        for (var name : List.of("one", "two", "three")) {
            stage.submit(name, REPLACE.delay(SECOND));
        }
        if (holder.leased) {
            stage.failed("holder");
        }
        stage.pass(SECOND);
        assertThat(List.of("holder", "one", "two")).allMatch(name -> stage.ending(name) instanceof Cancelled);
        assertThat(stage.ending("three")).isNull();
    }

    @Test
    void replace_ofWhatHasEndedMeanwhile_endsNothingTwice() {
        var stage = Stage.of(1);
        stage.submit("holder", KEY);
        stage.submit("one", REPLACE.deadline(SECOND));
        stage.pass(SECOND);
        assertThat(stage.ending("one")).isEqualTo(new TimedOut());
        stage.submit("two", REPLACE);
        stage.failed("holder");
        assertThat(stage.done("two")).isNotNull();
        assertThat(stage.isEmpty()).isTrue();
    }

    @Test
    void replace_countsItsDelayFromItsSubmission() {
        var stage = Stage.of(1);
        stage.submit("holder", KEY);
        stage.submit("one", REPLACE.delay(SECOND));
        stage.pass(SECOND);
        stage.failed("holder");
        assertThat(stage.given()).containsExactly("holder", "one");
    }

    @Test
    void join_whileTheFirstIsReplaced_joinsTheSuccessor() {
        var stage = Stage.of(1);
        stage.submit("holder", KEY);
        stage.submit("one", REPLACE);
        var two = stage.submit("two", JOIN);
        stage.failed("holder");
        assertThat(stage.effects.joined.get("holder")).isEmpty();
        stage.done("one");
        assertThat(stage.work("one").joined()).containsExactly(two);
    }

    @Test
    void otherKeys_areNoBusinessOfThisOne() {
        var stage = Stage.of(2);
        stage.submit("a", KEY);
        stage.submit("b", TaskOptions.DEFAULT.uniqueKey("other"));
        assertThat(stage.given()).containsExactly("a", "b");
    }

    @Test
    void ordering_runsOneAtATime_inOrder_otherKeysBeside() {
        var stage = Stage.of(4);
        for (var name : List.of("a1", "a2", "a3")) {
            stage.submit(name, ORDERED);
        }
        stage.submit("b1", TaskOptions.DEFAULT.orderingKey("other"));
        assertThat(stage.given()).containsExactly("a1", "b1");
        assertThat(stage.dispatcher.queued()).isEqualTo(2);

        stage.done("a1");
        stage.done("a2");
        assertThat(stage.given()).containsExactly("a1", "b1", "a2", "a3");
    }

    @Test
    void ordering_aRetriedHead_holdsUpTheRest() {
        var stage = Stage.of(2);
        stage.submit("a", ORDERED.retries(1).backoff(SECOND));
        stage.submit("b", ORDERED);
        stage.failed("a");
        assertThat(stage.given()).containsExactly("a");
        stage.pass(SECOND);
        stage.failed("a");
        assertThat(stage.given()).containsExactly("a", "a", "b");
    }

    @Test
    void ordering_anAttemptLostWithItsChild_holdsUpTheRest() {
        var stage = Stage.of(1, 1);
        stage.submit("a", ORDERED.retries(1).backoff(SECOND));
        stage.submit("b", ORDERED);
        stage.dies(stage.childOf("a"), "a");
        assertThat(stage.given()).containsExactly("a");
        stage.pass(SECOND);
        stage.done("a");
        assertThat(stage.given()).containsExactly("a", "a", "b");
    }

    @Test
    void ordering_whatChildrenGiveBack_keepsItsTurn() {
        var stage = Stage.of(1);
        stage.submit("a", ORDERED);
        stage.submit("b", ORDERED);
        stage.takenBack("a");
        assertThat(stage.given()).containsExactly("a", "a");
        stage.done("a");
        assertThat(stage.given()).containsExactly("a", "a", "b");
    }

    @Test
    void ordering_cancelOfTheHead_letsTheNextGo() {
        var stage = Stage.of(1);
        stage.submit("running");
        for (var name : List.of("a", "b", "c")) {
            stage.submit(name, ORDERED);
        }
        stage.cancel("a");
        stage.cancel("b");
        stage.done("running");
        assertThat(stage.given()).containsExactly("running", "c");
    }

    @Test
    void ordering_aDelayedTask_takesItsPlaceWhenItsDelayHasPassed() {
        var stage = Stage.of(1);
        stage.submit("later", ORDERED.delay(SECOND));
        stage.submit("now", ORDERED);
        stage.submit("then", ORDERED);
        stage.pass(SECOND);
        stage.done("now");
        stage.done("then");
        assertThat(stage.given()).containsExactly("now", "then", "later");
    }

    @Test
    void ordering_withAUniqueKey_doesNotLockItselfOut() {
        var stage = Stage.of(2);
        stage.submit("a", KEY.orderingKey("k"));
        stage.submit("b", REPLACE.orderingKey("k"));
        stage.submit("c", ORDERED);
        stage.failed("a");
        stage.done("c");
        stage.done("b");
        assertThat(stage.isEmpty()).isTrue();
    }
}
