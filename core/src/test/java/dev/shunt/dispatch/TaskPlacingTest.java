package dev.shunt.dispatch;

import static dev.shunt.dispatch.Stage.SECOND;
import static org.assertj.core.api.Assertions.assertThat;

import dev.shunt.dispatch.Ending.Rejected;
import dev.shunt.task.Priority;
import dev.shunt.task.RateLimit;
import dev.shunt.task.TaskOptions;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Rate limits, target slots, and what goes to whom. */
class TaskPlacingTest {

    private static final RateLimit TWO_A_SECOND = new RateLimit(2, SECOND);
    private static final Duration HALF = Duration.ofMillis(500);
    private static final TaskOptions FIRST_SLOT = TaskOptions.DEFAULT.slot(0);

    private static final List<Priority> LEVELS = List.of(Priority.values());

    private final Stage rated = Stage.of(Stage.rated(TWO_A_SECOND), 8);

    @Test
    void rate_spreadsStartsEvenly_andLeavesOtherTypesAlone() {
        for (var name : List.of("a", "b", "c")) {
            rated.submit(name, TaskOptions.DEFAULT, 0);
        }
        rated.submit("other");
        assertThat(rated.given()).containsExactly("a", "other");
        assertThat(rated.dispatcher.nextDueNanos()).hasValue(HALF.toNanos());
        rated.pass(HALF.minusNanos(1));
        assertThat(rated.given()).hasSize(2);
        rated.pass(Duration.ofNanos(1));
        assertThat(rated.given()).containsExactly("a", "other", "b");
        rated.pass(HALF);
        assertThat(rated.given()).containsExactly("a", "other", "b", "c");
    }

    @Test
    void rate_savesNothingUp() {
        rated.pass(Duration.ofMinutes(1));
        rated.submit("a", TaskOptions.DEFAULT, 0);
        rated.submit("b", TaskOptions.DEFAULT, 0);
        assertThat(rated.given()).containsExactly("a");
    }

    @Test
    void rate_countsRetries() {
        rated.submit("a", TaskOptions.DEFAULT.retries(1).backoff(Duration.ZERO), 0);
        rated.failed("a");
        rated.pass(Duration.ofMillis(1));
        assertThat(rated.given()).containsExactly("a");
        rated.pass(HALF);
        assertThat(rated.given()).containsExactly("a", "a");
    }

    @Test
    void rate_keepsNoTimeForWhatHasEnded() {
        for (int i = 0; i < 1_000; i++) {
            rated.submit("t" + i, TaskOptions.DEFAULT.deadline(HALF), 0);
        }
        rated.pass(HALF);
        rated.submit("late", TaskOptions.DEFAULT, 0);
        assertThat(rated.given()).containsExactly("t0", "late");
    }

    @Test
    void rate_letsNoBurstThrough_whenSlotsWereBusy() {
        var stage = Stage.of(Stage.rated(TWO_A_SECOND), 1);
        stage.submit("long one");
        for (var name : List.of("a", "b", "c")) {
            stage.submit(name, TaskOptions.DEFAULT, 0);
        }
        stage.pass(Duration.ofSeconds(10));
        stage.done("long one");
        stage.done("a");
        assertThat(stage.given()).containsExactly("long one", "a");
        stage.pass(HALF);
        assertThat(stage.given()).containsExactly("long one", "a", "b");
    }

    @Test
    void rate_aTaskForOneSlot_holdsUpNothingElse_andLetsNoBurstThroughBehindIt() {
        var stage = Stage.of(Stage.rated(TWO_A_SECOND), 2);
        stage.submit("long one", FIRST_SLOT);
        stage.submit("for a slot", FIRST_SLOT, 0);
        stage.submit("free one");
        stage.submit("another");
        stage.submit("a", TaskOptions.DEFAULT, 0);
        stage.submit("b", TaskOptions.DEFAULT, 0);
        stage.pass(HALF);
        stage.done("long one");
        assertThat(stage.given()).containsExactly("long one", "free one", "another", "for a slot");
        stage.pass(HALF);
        stage.done("free one");
        stage.done("another");
        assertThat(stage.given()).contains("a").doesNotContain("b");
    }

    @Test
    void rate_ofWhatIsGivenBack_isKept_andItsOrder() {
        rated.submit("a", TaskOptions.DEFAULT, 0);
        rated.submit("b", TaskOptions.DEFAULT, 0);
        rated.pass(HALF);
        rated.submit("c", TaskOptions.DEFAULT, 0);
        rated.takenBack("b", "a");
        assertThat(rated.given()).containsExactly("a", "b");
        rated.pass(HALF);
        rated.pass(HALF);
        rated.pass(HALF);
        assertThat(rated.given()).containsExactly("a", "b", "a", "b", "c");
        assertThat(rated.work("a").attempt()).isEqualTo(1);
    }

    @Test
    void slot_runsOneAtATime_thereAlone() {
        var stage = Stage.of(2, 2);
        stage.submit("a", TaskOptions.DEFAULT.slot(2));
        stage.submit("b", TaskOptions.DEFAULT.slot(2));
        stage.submit("c", TaskOptions.DEFAULT.slot(3));
        assertThat(stage.effects.items(1)).containsExactly("a", "c");
        stage.done("a");
        assertThat(stage.effects.items(1)).containsExactly("a", "c", "b");
        assertThat(stage.effects.items(0)).isEmpty();
    }

    @Test
    void slot_thatIsBusy_holdsUpNothingElse() {
        var stage = Stage.of(2);
        stage.submit("a", FIRST_SLOT);
        stage.submit("b", FIRST_SLOT);
        stage.submit("free");
        assertThat(stage.given()).containsExactly("a", "free");
    }

    @Test
    void slot_ofAChildThatDies_isServedByItsSuccessor() {
        var stage = Stage.of(1, 1);
        stage.submit("a", FIRST_SLOT);
        stage.submit("b", FIRST_SLOT);
        stage.dies(stage.childOf("a"));
        assertThat(stage.given()).as("not by another child").containsExactly("a");
        stage.dispatcher.childUp(0);
        assertThat(stage.given()).containsExactly("a", "a");
        stage.done("a");
        assertThat(stage.given()).containsExactly("a", "a", "b");
    }

    @Test
    void slot_aTaskThatWaitsForIt_doesNotHideThatAnotherIsFree() {
        var stage = Stage.of(2, 2);
        stage.submit("warm-up");
        stage.submit("warm-up of the other");
        stage.doneQuickly("warm-up");
        stage.doneQuickly("warm-up of the other");
        for (var name : List.of("a1", "b1", "a2", "b2")) {
            stage.submit(name);
        }
        stage.submit("waits for the slot of a1", FIRST_SLOT);
        stage.submit("prefetched");
        assertThat(stage.effects.items(0)).endsWith("a1", "a2", "waits for the slot of a1");
        assertThat(stage.effects.items(1)).endsWith("b1", "b2", "prefetched");
        stage.doneQuickly("a2");
        assertThat(stage.effects.takeBacks).containsExactly("1:1");
        stage.takenBack("prefetched");
        assertThat(stage.effects.items(0)).endsWith("prefetched");
        assertThat(stage.effects.takeBacks).hasSize(1);
    }

    @Test
    void slot_thatDoesNotExist_isRejected() {
        var stage = Stage.of(1, 1);
        stage.submit("a", TaskOptions.DEFAULT.slot(2));
        assertThat(stage.ending("a")).isInstanceOf(Rejected.class);
        assertThat(stage.isEmpty()).isTrue();
    }

    @Test
    void slot_tasksGivenBack_areNotAskedForAgainAndAgain() {
        var stage = Stage.of(1, 1);
        stage.submit("long one");
        stage.submit("for it", FIRST_SLOT);
        assertThat(stage.effects.takeBacks).containsExactly("0:1");
        stage.takenBack("for it");
        assertThat(stage.given()).containsExactly("long one", "for it", "for it");
        assertThat(stage.effects.takeBacks).hasSize(1);
    }

    @Test
    void slot_aFreeTaskGivenBackByABusyChild_isNotAskedForAgain() {
        var stage = Stage.of(3);
        stage.submit("first", FIRST_SLOT);
        stage.submit("second", TaskOptions.DEFAULT.slot(1));
        stage.submit("third");
        stage.submit("prefetched");
        stage.submit("behind the first", FIRST_SLOT);
        assertThat(stage.effects.takeBacks).hasSize(1);
        stage.takenBack("prefetched");
        assertThat(stage.given()).containsExactly("first", "second", "third", "prefetched", "prefetched");
        assertThat(stage.effects.takeBacks).hasSize(1);
    }

    @Test
    void slot_aFreeTaskGivenBackByABusyChild_goesToOneThatMayHaveAnIdleSlot() {
        var stage = Stage.of(2, 2);
        stage.submit("free");
        stage.submit("free, too");
        stage.submit("on the other slot", FIRST_SLOT);
        stage.submit("behind the free one", TaskOptions.DEFAULT.slot(2));
        stage.submit("prefetched");
        assertThat(stage.effects.items(0)).containsExactly("free", "on the other slot", "prefetched");
        stage.submit("behind", FIRST_SLOT);
        stage.takenBack("prefetched");
        assertThat(stage.effects.items(1)).contains("prefetched");
    }

    @Test
    void slot_aTaskThatOvertakesAFreeOne_makesAnIdleChildHelp() {
        var stage = Stage.of(1, 1);
        stage.submit("free");
        stage.submit("overtakes", FIRST_SLOT);
        stage.takenBack("free");
        assertThat(stage.effects.items(1)).containsExactly("free");
    }

    @Test
    void priorities_whileAllWait_eachIsServedFourTimesAsOftenAsTheOneBelow() {
        var stage = Stage.of(1);
        stage.submit("running");
        for (int i = 0; i < 850; i++) {
            stage.submit("n" + i, TaskOptions.DEFAULT.priority(pick(i)));
        }
        var given = serve(stage, 85);
        assertThat(given.stream().filter(n -> n == Priority.LOW)).hasSizeBetween(1, 2);
        assertThat(given.stream().filter(n -> n == Priority.NORMAL)).hasSizeBetween(4, 5);
        assertThat(given.stream().filter(n -> n == Priority.HIGH)).hasSizeBetween(16, 17);
        assertThat(given.stream().filter(n -> n == Priority.URGENT)).hasSizeBetween(62, 64);
    }

    @Test
    void priorities_aLevelThatWasEmpty_hasSavedNothing() {
        var stage = Stage.of(1);
        stage.submit("running");
        for (int i = 0; i < 200; i++) {
            stage.submit("l" + i, TaskOptions.DEFAULT.priority(Priority.LOW));
        }
        serve(stage, 100);
        for (int i = 0; i < 100; i++) {
            stage.submit("n" + i, TaskOptions.DEFAULT);
        }
        var given = serve(stage, 50);
        assertThat(given.stream().filter(n -> n == Priority.LOW)).hasSizeBetween(9, 11);
    }

    @Test
    void priorities_withinALevel_theOldestGoesFirst() {
        var stage = Stage.of(1);
        stage.submit("running");
        stage.submit("a");
        stage.submit("b");
        stage.done("running");
        stage.done("a");
        assertThat(stage.given()).containsExactly("running", "a", "b");
    }

    private static Priority pick(int i) {
        return LEVELS.get(i % LEVELS.size());
    }

    /** The priorities of the next ones that a single slot runs. */
    private static List<Priority> serve(Stage stage, int count) {
        for (int i = 0; i < count; i++) {
            stage.done(stage.given().getLast());
        }
        return stage.given().reversed().stream()
                .limit(count)
                .map(name -> stage.work(name).policy().priority())
                .toList();
    }
}
