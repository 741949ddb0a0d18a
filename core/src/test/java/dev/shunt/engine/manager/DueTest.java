package dev.shunt.engine.manager;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shunt.plan.Timing;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Stepped by hand, as the main loop steps it: ask how long, let that pass, run if it is due. */
class DueTest {

    private final SteppedClock clock = new SteppedClock(Instant.parse("2026-11-20T02:58:30Z"));

    private Due cron(String expression) {
        return Due.of(Timing.cron(expression, ZoneOffset.UTC), clock);
    }

    /** The times of the next runs, each taking no time. */
    private List<String> runs(Due due, int count) {
        var times = new ArrayList<String>();
        while (times.size() < count) {
            clock.pass(due.left());
            if (due.left().isZero()) {
                times.add(Instant.ofEpochMilli(clock.epochMillis()).toString());
                due.ran();
            }
        }
        return times;
    }

    private void setTo(String time) {
        clock.set(Instant.parse(time));
    }

    @Test
    void cron_runsOncePerDueTime() {
        assertThat(runs(cron("0 3 * * *"), 3))
                .containsExactly("2026-11-20T03:00:00Z", "2026-11-21T03:00:00Z", "2026-11-22T03:00:00Z");
        assertThat(runs(cron("* * * * *"), 2)).containsExactly("2026-11-22T03:01:00Z", "2026-11-22T03:02:00Z");
    }

    @Test
    void cron_isNotDueAtItsStart_evenOnTheSpot() {
        setTo("2026-11-20T03:00:00Z");
        assertThat(runs(cron("0 3 * * *"), 1)).containsExactly("2026-11-21T03:00:00Z");
    }

    @Test
    void cron_looksAtTheClockEveryMinute() {
        assertThat(cron("@yearly").left()).isEqualTo(Duration.ofMinutes(1));
    }

    @Test
    void cron_late_runsOnce_andLeavesOutWhatCameDueMeanwhile() {
        var due = cron("*/10 * * * *");
        clock.pass(Duration.ofMinutes(35));
        assertThat(runs(due, 2)).containsExactly("2026-11-20T03:33:30Z", "2026-11-20T03:40:00Z");
    }

    @Test
    void cron_whatCameDueWhileItRan_isLeftOut() {
        var due = cron("* * * * *");
        clock.pass(due.left());
        assertThat(due.left()).isZero();
        clock.pass(Duration.ofMinutes(5).plusSeconds(10));
        due.ran();
        assertThat(runs(due, 1)).containsExactly("2026-11-20T03:05:00Z");
    }

    @Test
    void cron_clockSetForward_lessThanThreeHours_whatWasLeftOutRunsOnce_withinAMinute() {
        var due = cron("0,10 3 * * *");
        assertThat(due.left()).isEqualTo(Duration.ofMinutes(1));
        setTo("2026-11-20T05:30:00Z");
        assertThat(runs(due, 2)).containsExactly("2026-11-20T05:30:00Z", "2026-11-21T03:00:00Z");
    }

    @Test
    void cron_clockSetForward_threeHoursOrMore_leavesOut_theNewTimeCounts() {
        var due = cron("0 3 * * *");
        var often = cron("* * * * *");
        assertThat(due.left()).isEqualTo(Duration.ofMinutes(1));
        setTo("2026-11-22T12:00:00Z");
        assertThat(due.left()).isEqualTo(Duration.ofMinutes(1));
        assertThat(runs(often, 2)).containsExactly("2026-11-22T12:01:00Z", "2026-11-22T12:02:00Z");
        assertThat(runs(due, 1)).containsExactly("2026-11-23T03:00:00Z");
    }

    @Test
    void cron_clockSetForward_doesNotLeaveOutWhatWasDueBeforeThat() {
        var due = cron("59 2 * * *");
        clock.pass(Duration.ofSeconds(40));
        clock.set(Instant.ofEpochMilli(clock.epochMillis()).plus(Duration.ofDays(1)));
        assertThat(runs(due, 1)).containsExactly("2026-11-21T02:59:10Z");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"2026-11-20T02:10:30Z", "2026-11-20T00:30:30Z", "2026-11-20T00:10:30Z", "2016-01-01T00:00:30Z"})
    void cron_everyMinute_clockSetBack_goesOnByTheNewTime(String back) {
        var due = cron("* * * * *");
        assertThat(runs(due, 12)).last().isEqualTo("2026-11-20T03:10:00Z");
        setTo(back);
        assertThat(runs(due, 2))
                .containsExactly(
                        Instant.parse(back).plusSeconds(30).toString(),
                        Instant.parse(back).plusSeconds(90).toString());
    }

    @Test
    void cron_everyMinute_clockSetBackASecond_doesNotRunTheMinuteAgain() {
        var due = cron("* * * * *");
        assertThat(runs(due, 1)).containsExactly("2026-11-20T02:59:00Z");
        setTo("2026-11-20T02:58:59Z");
        assertThat(runs(due, 1)).containsExactly("2026-11-20T03:00:00Z");
    }

    @Test
    void cron_clockSetBack_lessThanThreeHours_whatRanDoesNotRunAgain_whatDidNotDoes() {
        var due = cron("0 1,3,4 * * *");
        assertThat(runs(due, 1)).containsExactly("2026-11-20T03:00:00Z");
        clock.pass(Duration.ofMinutes(30));
        assertThat(due.left()).isPositive();
        setTo("2026-11-20T00:45:00Z");
        assertThat(runs(due, 2)).containsExactly("2026-11-20T04:00:00Z", "2026-11-21T01:00:00Z");
    }

    @Test
    void cron_clockSetBack_againAndAgain_isACorrectionOnceItIsThreeHours() {
        var due = cron("0 1,3,4 * * *");
        assertThat(runs(due, 1)).containsExactly("2026-11-20T03:00:00Z");
        setTo("2026-11-20T01:30:00Z");
        assertThat(due.left()).isPositive();
        setTo("2026-11-19T23:59:00Z");
        assertThat(runs(due, 2)).containsExactly("2026-11-20T01:00:00Z", "2026-11-20T03:00:00Z");
    }

    @Test
    void cron_clockThatWasYearsAhead_correctedWhileTheTaskIsTold_runsByTheNewTime() {
        setTo("2036-01-01T02:59:30Z");
        var due = cron("0 3 * * *");
        clock.pass(due.left());
        assertThat(due.left()).isZero();
        setTo("2026-11-20T02:00:00Z");
        due.ran();
        assertThat(runs(due, 2)).containsExactly("2026-11-20T03:00:00Z", "2026-11-21T03:00:00Z");
    }

    @Test
    void cron_clockSetBackAfterARun_doesNotRunThatTimeAgain() {
        var due = cron("0 * * * *");
        assertThat(runs(due, 1)).containsExactly("2026-11-20T03:00:00Z");
        setTo("2026-11-20T02:30:00Z");
        assertThat(runs(due, 1)).containsExactly("2026-11-20T04:00:00Z");
    }

    @Test
    void cron_clockSetBackBeforeARun_waitsForTheNewTime() {
        var due = cron("0 * * * *");
        clock.pass(due.left());
        setTo("2025-01-01T00:30:00Z");
        assertThat(runs(due, 2)).containsExactly("2025-01-01T01:00:00Z", "2025-01-01T02:00:00Z");
    }

    @Test
    void cron_overChangesOfTheZonesOffset_runsOnceADay() {
        setTo("2026-03-28T12:00:00Z");
        var due = Due.of(Timing.cron("30 2 * * *", ZoneId.of("Europe/Berlin")), clock);
        assertThat(runs(due, 2)).containsExactly("2026-03-29T01:00:00Z", "2026-03-30T00:30:00Z");
        setTo("2026-10-24T12:00:00Z");
        var autumn = Due.of(Timing.cron("30 2 * * *", ZoneId.of("Europe/Berlin")), clock);
        assertThat(runs(autumn, 2)).containsExactly("2026-10-25T00:30:00Z", "2026-10-26T01:30:00Z");
    }

    @Test
    void interval_runsAfterEach_whateverTheWallClockSays() {
        var due = Due.of(new Timing.Every(Duration.ofSeconds(10)), clock);
        assertThat(runs(due, 2)).containsExactly("2026-11-20T02:58:40Z", "2026-11-20T02:58:50Z");
        setTo("2020-01-01T00:00:00Z");
        assertThat(runs(due, 1)).containsExactly("2020-01-01T00:00:10Z");
    }

    @Test
    void interval_ofNodesThatShareAQueue_isDueNextWhenTheQueueSays() {
        var due = Due.shared(new Timing.Every(Duration.ofMinutes(1)), clock);
        assertThat(due.left()).isZero();
        due.waits(Duration.ofSeconds(30));
        assertThat(due.next()).contains(Instant.parse("2026-11-20T02:59:00Z"));
        clock.pass(due.left());
        assertThat(due.left()).isZero();
    }

    @Test
    void interval_late_staysInStep_andLeavesOutWhatCameDueMeanwhile() {
        var due = Due.of(new Timing.Every(Duration.ofSeconds(10)), clock);
        clock.pass(Duration.ofSeconds(34));
        assertThat(runs(due, 2)).containsExactly("2026-11-20T02:59:04Z", "2026-11-20T02:59:10Z");
    }
}
