package dev.shunt.dispatch;

import static dev.shunt.dispatch.Stage.GRACE;
import static dev.shunt.dispatch.Stage.SECOND;
import static org.assertj.core.api.Assertions.assertThat;

import dev.shunt.dispatch.Ending.Lost;
import dev.shunt.dispatch.Ending.TimedOut;
import dev.shunt.task.TaskOptions;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class TaskTimesTest {

    private static final Duration TICK = Duration.ofNanos(1);
    private static final TaskOptions DEADLINE = TaskOptions.DEFAULT.deadline(SECOND);
    private static final TaskOptions TIMEOUT = TaskOptions.DEFAULT.timeout(SECOND);

    private final Stage stage = Stage.of(1);

    @Test
    void delayed_startsWhenItsDelayHasPassed_notBefore() {
        stage.submit("a", TaskOptions.DEFAULT.delay(SECOND));
        assertThat(stage.dispatcher.nextDueNanos()).hasValue(SECOND.toNanos());

        stage.pass(SECOND.minus(TICK));
        assertThat(stage.given()).isEmpty();
        assertThat(stage.dispatcher.queued()).isEqualTo(1);

        stage.pass(TICK);
        assertThat(stage.given()).containsExactly("a");
        assertThat(stage.dispatcher.nextDueNanos()).isEmpty();
    }

    @Test
    void delayed_withOneDelay_startInTheOrderOfTheirSubmission() {
        var wide = Stage.of(9);
        for (int i = 0; i < 9; i++) {
            wide.submit("t" + i, TaskOptions.DEFAULT.delay(SECOND));
        }
        wide.pass(SECOND);
        assertThat(wide.given()).containsExactly("t0", "t1", "t2", "t3", "t4", "t5", "t6", "t7", "t8");
    }

    @Test
    void delayed_holdsUpNothingElse() {
        stage.submit("later", TaskOptions.DEFAULT.delay(SECOND));
        stage.submit("now");
        assertThat(stage.given()).containsExactly("now");
    }

    @Test
    void at_isReckonedFromNow_andInThePastMeansAtOnce() {
        var at = TaskOptions.DEFAULT.at(Instant.ofEpochMilli(5_000));
        assertThat(RunPolicy.of(at, false, 1_000, 2_000).delayNanos()).isEqualTo(3 * SECOND.toNanos());
        assertThat(RunPolicy.of(at, false, 1_000, 6_000).delayNanos()).isZero();
    }

    private static Work<String> at(String name, Duration since) {
        var options = TaskOptions.DEFAULT.uniqueKey(name).at(Instant.EPOCH.plus(since));
        return Work.task(name, RunPolicy.of(options, false, 0, new SteppedClock()));
    }

    @Test
    void at_clockSetBack_waitsForTheNewTime() {
        stage.submit(at("a", Duration.ofHours(2)));
        stage.pass(Duration.ofHours(1));
        stage.clock.setWall(Duration.ofHours(-1));
        stage.pass(Duration.ofMinutes(70));
        assertThat(stage.given()).isEmpty();
        stage.pass(Duration.ofMinutes(49));
        assertThat(stage.given()).isEmpty();
        stage.pass(Duration.ofMinutes(1));
        assertThat(stage.given()).containsExactly("a");
        stage.done("a");
        assertThat(stage.isEmpty()).isTrue();
    }

    @Test
    void at_clockSetForward_isDueWithinAMinute() {
        stage.submit(at("a", Duration.ofHours(2)));
        stage.submit("b", TaskOptions.DEFAULT.delay(Duration.ofHours(2)));
        stage.pass(Duration.ofMinutes(10));
        stage.clock.setWall(Duration.ofHours(3));
        assertThat(stage.dispatcher.nextDueNanos().orElseThrow() - stage.clock.nanoTime())
                .isLessThanOrEqualTo(Duration.ofMinutes(1).toNanos());
        stage.pass(Duration.ofMinutes(1));
        assertThat(stage.given()).containsExactly("a");
        stage.done("a");
        stage.pass(Duration.ofMinutes(109));
        assertThat(stage.given()).containsExactly("a", "b");
    }

    @Test
    void at_clockSetAgainAndAgain_runsOnce() {
        stage.submit(at("a", Duration.ofHours(2)));
        for (int i = 0; i < 20; i++) {
            stage.clock.setWall(Duration.ofMinutes(i % 2 == 0 ? -10 : 10));
            stage.pass(Duration.ofMinutes(5));
        }
        assertThat(stage.given()).isEmpty();
        stage.pass(Duration.ofMinutes(20));
        stage.pass(Duration.ofHours(9));
        assertThat(stage.given()).containsExactly("a");
    }

    @Test
    void keptInALog_whatHasPassedIsToldByTheMonotonicClock() {
        var clock = new SteppedClock();
        clock.advance(Duration.ofSeconds(4));
        clock.setWall(Duration.ofHours(-5));
        var options = TaskOptions.DEFAULT.delay(Duration.ofSeconds(5)).deadline(Duration.ofSeconds(9));
        var policy = RunPolicy.of(options, true, SECOND.toNanos(), clock);
        assertThat(policy.delayNanos()).isEqualTo(2 * SECOND.toNanos());
        assertThat(policy.deadlineNanos()).isEqualTo(6 * SECOND.toNanos());
    }

    @Test
    void at_theEndsOfTime_isAtOnceAndNever() {
        assertThat(RunPolicy.of(TaskOptions.DEFAULT.at(Instant.MIN), false, 0, 0)
                        .delayNanos())
                .isZero();
        assertThat(RunPolicy.of(TaskOptions.DEFAULT.at(Instant.MAX), false, 0, 0)
                        .delayNanos())
                .isEqualTo(Duration.ofDays(36_500).toNanos());
    }

    @Test
    void keptInALog_delayAndDeadlineCountFromTheFirstSubmission() {
        var policy = RunPolicy.of(
                TaskOptions.DEFAULT.delay(Duration.ofSeconds(5)).deadline(Duration.ofSeconds(9)), false, 1_000, 4_000);
        assertThat(policy.delayNanos()).isEqualTo(2 * SECOND.toNanos());
        assertThat(policy.deadlineNanos()).isEqualTo(6 * SECOND.toNanos());

        var late = RunPolicy.of(TaskOptions.DEFAULT.delay(SECOND).deadline(SECOND), false, 0, 60_000);
        assertThat(late.delayNanos()).isZero();
        assertThat(late.deadlineNanos()).as("over at once, not never").isEqualTo(1);
    }

    @Test
    void backoff_isAtMostADay() {
        var policy = RunPolicy.of(TaskOptions.DEFAULT.retries(99).backoff(Duration.ofHours(20)), false, 0, 0);
        assertThat(policy.backoffNanos(2, 0)).isEqualTo(Duration.ofDays(1).toNanos());
        assertThat(policy.backoffNanos(99, 0)).isEqualTo(Duration.ofDays(1).toNanos());
    }

    @Test
    void deadline_whileWaiting_isTimedOut() {
        stage.submit("running");
        stage.submit("a", DEADLINE);
        stage.pass(SECOND.minus(TICK));
        assertThat(stage.ending("a")).isNull();

        stage.pass(TICK);
        assertThat(stage.ending("a")).isEqualTo(new TimedOut());
        stage.done("running");
        assertThat(stage.given()).containsExactly("running");
        assertThat(stage.isEmpty()).isTrue();
    }

    @Test
    void deadline_whileDelayed_isTimedOut() {
        stage.submit("a", DEADLINE.delay(SECOND.multipliedBy(2)));
        stage.pass(SECOND);
        assertThat(stage.ending("a")).isEqualTo(new TimedOut());
        stage.pass(SECOND);
        assertThat(stage.given()).isEmpty();
    }

    @Test
    void deadline_atTheMomentOfItsDelay_isTimedOut_neverStarted() {
        stage.submit("a", DEADLINE.delay(SECOND));
        stage.pass(SECOND);
        assertThat(stage.given()).isEmpty();
        assertThat(stage.ending("a")).isEqualTo(new TimedOut());
    }

    @Test
    void deadline_passed_isNotLeased_thoughTimeWasNotToldYet() {
        stage.submit("running");
        stage.submit("a", DEADLINE);
        stage.submit("b");
        stage.clock.advance(SECOND);
        stage.done("running");
        assertThat(stage.given()).containsExactly("running", "b");

        stage.dispatcher.tick();
        assertThat(stage.ending("a")).isEqualTo(new TimedOut());
    }

    @Test
    void deadline_passed_ofATaskForOneSlot_letsTheNextOneGo() {
        stage.submit("running", TaskOptions.DEFAULT.slot(0));
        stage.submit("a", DEADLINE.slot(0));
        stage.submit("b", TaskOptions.DEFAULT.slot(0));
        stage.clock.advance(SECOND);
        stage.done("running");
        assertThat(stage.given()).containsExactly("running", "b");
    }

    @Test
    void deadline_whileRunning_interrupts_andFailureIsTimedOut_thoughRetriesAreLeft() {
        stage.submit("a", TaskOptions.DEFAULT.retries(5).deadline(SECOND));
        stage.pass(SECOND);
        assertThat(stage.isInterrupted("a")).isTrue();
        assertThat(stage.ending("a")).isNull();

        assertThat(stage.failed("a")).isNull();
        assertThat(stage.ending("a")).isEqualTo(new TimedOut());
        assertThat(stage.isEmpty()).isTrue();
    }

    @Test
    void deadline_whileRunning_endsWellInTime_isDone() {
        stage.submit("a", DEADLINE);
        stage.pass(SECOND);
        assertThat(stage.done("a")).isNotNull();
        assertThat(stage.effects.ended).isEmpty();
    }

    @Test
    void deadline_beforeTheRetryIsDue_failsAtOnce() {
        stage.submit(
                "a",
                TaskOptions.DEFAULT.retries(5).backoff(Duration.ofSeconds(10)).deadline(SECOND));
        assertThat(stage.failed("a")).isNotNull();
        assertThat(stage.effects.retried).isEmpty();
        assertThat(stage.isEmpty()).isTrue();
    }

    @Test
    void deadline_whileWaitingForARetry_isTimedOut() {
        stage.submit("a", TaskOptions.DEFAULT.retries(5).backoff(SECOND).deadline(Duration.ofMillis(1_500)));
        stage.failed("a");
        stage.submit("running");
        stage.pass(SECOND);
        stage.pass(Duration.ofMillis(500));
        assertThat(stage.ending("a")).isEqualTo(new TimedOut());
    }

    @Test
    void timeout_countsFromTheStart_notFromTheLease() {
        stage.submit("a", TIMEOUT);
        stage.effects.runningNanos = -1;
        stage.pass(SECOND);
        assertThat(stage.isInterrupted("a")).isFalse();

        stage.effects.runningNanos = Duration.ofMillis(600).toNanos();
        stage.pass(SECOND);
        assertThat(stage.isInterrupted("a")).isFalse();

        stage.effects.runningNanos = SECOND.toNanos();
        stage.pass(Duration.ofMillis(400));
        assertThat(stage.isInterrupted("a")).isTrue();
    }

    @Test
    void retryThatWaited_whenTheProgramEnded_holdsUpItsOrderingKey() {
        var keyed = TaskOptions.DEFAULT.retries(3).orderingKey("k");
        var waited = RunPolicy.of(keyed, true, 0, 0).dueAt(1_000, 0);
        stage.submit(Work.task("a", waited, -1, 1));
        stage.submit("b", keyed);
        assertThat(stage.given()).isEmpty();
        stage.pass(SECOND);
        assertThat(stage.given()).containsExactly("a");
        stage.done("a");
        assertThat(stage.given()).containsExactly("a", "b");
    }

    @Test
    void childThatBeginsNothing_isReplaced_andWhatItHadRunsElsewhere_asIfForTheFirstTime() {
        stage.submit("a", TIMEOUT);
        var child = stage.childOf("a");
        stage.effects.runningNanos = -1;
        stage.pass(SECOND);
        assertThat(stage.effects.replaced).isEmpty();
        stage.pass(SECOND);
        assertThat(stage.effects.replaced).containsExactly(0);
        assertThat(stage.isInterrupted("a")).isFalse();

        stage.dies(child);
        assertThat(stage.ending("a")).isNull();
        assertThat(stage.work("a").attempt()).isZero();
    }

    @Test
    void timeout_interrupts_andAfterTheGrace_replacesTheChild() {
        var child = timedOut(TIMEOUT);
        stage.pass(GRACE.minus(TICK));
        assertThat(stage.effects.replaced).isEmpty();
        stage.pass(TICK);
        assertThat(stage.effects.replaced).containsExactly(0);
        assertThat(stage.ending("a")).isNull();

        stage.dies(child, "a");
        assertThat(stage.ending("a")).isEqualTo(new TimedOut());
    }

    @Test
    void timeout_yieldsWithSuccess_isDone() {
        timedOut(TIMEOUT);
        assertThat(stage.done("a")).isNotNull();
        stage.pass(GRACE);
        assertThat(stage.effects.replaced).isEmpty();
        assertThat(stage.effects.ended).isEmpty();
    }

    @Test
    void timeout_yieldsWithFailure_isTimedOut_orRetriedIfItMay() {
        timedOut(TIMEOUT);
        stage.failed("a");
        assertThat(stage.ending("a")).isEqualTo(new TimedOut());

        stage.submit("b", TIMEOUT.retries(1).backoff(Duration.ZERO));
        stage.pass(SECOND);
        stage.failed("b");
        stage.pass(TICK);
        assertThat(stage.given()).containsExactly("a", "b", "b");
        stage.pass(SECOND);
        assertThat(stage.isInterrupted("b")).as("the second attempt").isTrue();
        stage.failed("b");
        assertThat(stage.ending("b")).isEqualTo(new TimedOut());
    }

    @Test
    void timeout_ofAnEndedAttempt_saysNothingAboutTheNext() {
        stage.effects.runningNanos = SECOND.toNanos();
        stage.submit("a", TIMEOUT.retries(1).backoff(Duration.ofMillis(500)));
        stage.pass(Duration.ofMillis(1));
        stage.failed("a");
        stage.pass(Duration.ofMillis(500));
        stage.pass(Duration.ofMillis(600));
        assertThat(stage.given()).containsExactly("a", "a");
        assertThat(stage.effects.interrupted).isEmpty();
    }

    @Test
    void timeout_ofALeaseThatWasTakenBack_isForgotten() {
        stage.submit("a", TIMEOUT);
        stage.takenBack("a");
        stage.effects.runningNanos = 0;
        stage.pass(SECOND);
        stage.effects.runningNanos = SECOND.toNanos();
        stage.pass(SECOND);
        assertThat(stage.effects.interrupted).hasSize(1);
        assertThat(stage.work("a").attempt()).isEqualTo(1);
    }

    @Test
    void grace_ofAnEndedAttempt_saysNothingAboutTheNext() {
        timedOut(TIMEOUT.retries(1).backoff(Duration.ZERO));
        stage.failed("a");
        stage.dispatcher.tick();
        stage.pass(GRACE.minus(TICK));
        stage.cancel("a");
        stage.pass(TICK);
        assertThat(stage.effects.replaced).isEmpty();
        stage.pass(GRACE);
        assertThat(stage.effects.replaced).hasSize(1);
    }

    @Test
    void timeout_thenDeath_retriesIfItMay() {
        var child = timedOut(TIMEOUT.retries(1).backoff(Duration.ZERO));
        stage.dies(child, "a");
        stage.dispatcher.childUp(0);
        stage.dispatcher.tick();
        assertThat(stage.given()).containsExactly("a", "a");
        stage.dies(stage.childOf("a"), "a");
        assertThat(stage.ending("a")).isEqualTo(new Lost("killed"));
    }

    @Test
    void failure_mayBeFinal_orSayWhenToComeBack() {
        stage.submit("a", TaskOptions.DEFAULT.retries(3));
        assertThat(stage.settle("a", Failed.FOR_GOOD, 1)).isNotNull();

        stage.submit("b", TaskOptions.DEFAULT.retries(3));
        stage.settle("b", new Failed(false, SECOND.toNanos() * 7), 1);
        assertThat(stage.dispatcher.nextDueNanos()).hasValue(SECOND.toNanos() * 7);
    }

    private ChildLoad<String> timedOut(TaskOptions options) {
        stage.submit("a", options);
        stage.effects.runningNanos = SECOND.toNanos();
        stage.pass(SECOND);
        assertThat(stage.isInterrupted("a")).isTrue();
        return stage.childOf("a");
    }
}
