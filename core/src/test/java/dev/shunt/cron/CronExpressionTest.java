package dev.shunt.cron;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CronExpressionTest {

    /** In 2026 its clocks went from 2:00 to 3:00 on 29 March, and from 3:00 back to 2:00 on 25 October. */
    private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");

    private static List<String> next(String expression, String after, ZoneId zone, int count) {
        var parsed = CronExpression.parse(expression);
        var times = new ArrayList<String>();
        var last = ZonedDateTime.parse(after).toInstant();
        while (times.size() < count) {
            last = parsed.next(last, zone).orElseThrow();
            times.add(last.atZone(zone).toOffsetDateTime().toString());
        }
        return times;
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "0 3 * * *      | 2026-11-20T03:00:00Z     | 2026-11-21T03:00Z",
                "0 3 * * *      | 2026-11-20T02:59:59.999Z | 2026-11-20T03:00Z",
                "0 3 * * *      | 2026-11-20T03:00:00.001Z | 2026-11-21T03:00Z",
                "*/15 * * * *   | 2026-11-20T23:50:00Z     | 2026-11-21T00:00Z",
                "30 9 * * 1-5   | 2026-11-20T10:00:00Z     | 2026-11-23T09:30Z",
                "30 9 * * MON-FRI | 2026-11-20T10:00:00Z   | 2026-11-23T09:30Z",
                "0 0 1 jan *    | 2026-11-20T10:00:00Z     | 2027-01-01T00:00Z",
                "0 0 * * 7      | 2026-11-20T10:00:00Z     | 2026-11-22T00:00Z",
                "0 0 13 * 5     | 2026-11-20T10:00:00Z     | 2026-11-27T00:00Z",
                "0 12 29 2 *    | 2026-11-20T10:00:00Z     | 2028-02-29T12:00Z",
                "0 12 29 2 *    | 2096-11-20T10:00:00Z     | 2104-02-29T12:00Z",
                "@hourly        | 2026-11-20T10:00:00Z     | 2026-11-20T11:00Z",
                "@daily         | 2026-11-20T10:00:00Z     | 2026-11-21T00:00Z",
                "@midnight      | 2026-11-20T10:00:00Z     | 2026-11-21T00:00Z",
                "@weekly        | 2026-11-20T10:00:00Z     | 2026-11-22T00:00Z",
                "@monthly       | 2026-11-20T10:00:00Z     | 2026-12-01T00:00Z",
                "@yearly        | 2026-11-20T10:00:00Z     | 2027-01-01T00:00Z",
                "@annually      | 2026-11-20T10:00:00Z     | 2027-01-01T00:00Z",
            })
    void next_isTheFirstTimeAfter(String expression, String after, String due) {
        assertThat(next(expression, after, ZoneOffset.UTC, 1)).containsExactly(due);
    }

    /** As cron does: either day is enough only if neither field begins with a star. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "0 0 */2 * 1   | 2026-11-20T10:00:00Z | 2026-11-23T00:00Z 2026-12-07T00:00Z 2026-12-21T00:00Z",
                "0 0 1 * */2   | 2026-11-20T10:00:00Z | 2026-12-01T00:00Z 2027-04-01T00:00Z 2027-05-01T00:00Z",
                "0 0 */10 * *  | 2026-11-20T10:00:00Z | 2026-11-21T00:00Z 2026-12-01T00:00Z 2026-12-11T00:00Z",
                "0 0 * * */3   | 2026-11-20T10:00:00Z | 2026-11-21T00:00Z 2026-11-22T00:00Z 2026-11-25T00:00Z",
                "0 0 */1 * 1   | 2026-11-20T10:00:00Z | 2026-11-23T00:00Z 2026-11-30T00:00Z 2026-12-07T00:00Z",
                "0 0 13 * 5    | 2026-11-20T10:00:00Z | 2026-11-27T00:00Z 2026-12-04T00:00Z 2026-12-11T00:00Z",
                "0 0 1-31 * 1  | 2026-11-20T10:00:00Z | 2026-11-21T00:00Z 2026-11-22T00:00Z 2026-11-23T00:00Z",
            })
    void daysThatBeginWithAStar_mustMatchAsWell(String expression, String after, String due) {
        assertThat(next(expression, after, ZoneOffset.UTC, 3)).containsExactly(due.split(" "));
    }

    @ParameterizedTest
    @CsvSource({
        "* * * * *,true",
        "*/5 4 * * *,true",
        "0/20 * * * *,true",
        "'0,30 */2 * * *',true",
        "0 * * * *,false",
        "0 */2 * * *,false",
        "'0,30 4 * * *',false",
        "@hourly,false",
    })
    void isFrequent_isSeveralTimesAnHour_asCronTells(String expression, boolean frequent) {
        assertThat(CronExpression.parse(expression).isFrequent()).isEqualTo(frequent);
    }

    @Test
    void next_isInTheZone() {
        assertThat(next("0 3 * * *", "2026-11-20T12:00Z", ZoneId.of("Asia/Tokyo"), 1))
                .containsExactly("2026-11-21T03:00+09:00");
    }

    @Test
    void localTimeThatDoesNotExist_isDueOnce_whenTheClockHasSkippedIt() {
        assertThat(next("30 2 * * *", "2026-03-28T00:00Z", BERLIN, 3))
                .containsExactly("2026-03-28T02:30+01:00", "2026-03-29T03:00+02:00", "2026-03-30T02:30+02:00");
        assertThat(next("0,20,40 2 * * *", "2026-03-28T02:00Z", BERLIN, 2))
                .as("several of them are due at once, and so once")
                .containsExactly("2026-03-29T03:00+02:00", "2026-03-30T02:00+02:00");
        assertThat(next("0 2,3,4 * * *", "2026-03-28T12:00Z", BERLIN, 2))
                .containsExactly("2026-03-29T03:00+02:00", "2026-03-29T04:00+02:00");
    }

    @Test
    void localTimeThatExistsTwice_isDueOnce_theFirstTime() {
        assertThat(next("30 2 * * *", "2026-10-24T12:00Z", BERLIN, 2))
                .containsExactly("2026-10-25T02:30+02:00", "2026-10-26T02:30+01:00");
        assertThat(next("0 2 * * 0", "2026-10-24T12:00Z", BERLIN, 2))
                .containsExactly("2026-10-25T02:00+02:00", "2026-11-01T02:00+01:00");
        assertThat(next("30 2,3 * * *", "2026-10-24T12:00Z", BERLIN, 3))
                .containsExactly("2026-10-25T02:30+02:00", "2026-10-25T03:30+01:00", "2026-10-26T02:30+01:00");
        assertThat(next("0 3 * * *", "2026-10-24T12:00Z", BERLIN, 1)).containsExactly("2026-10-25T03:00+01:00");
    }

    @Test
    void duringTheSecondOfTwoHours_localTimesOfTheFirst_haveBeen() {
        assertThat(next("30 2 * * *", "2026-10-25T01:10:00Z", BERLIN, 1)).containsExactly("2026-10-26T02:30+01:00");
        assertThat(next("0 3 * * *", "2026-10-25T01:10:00Z", BERLIN, 1)).containsExactly("2026-10-25T03:00+01:00");
    }

    @Test
    void expressionForEveryHour_isDueInEachHourThatThereIs() {
        assertThat(next("*/30 * * * *", "2026-03-29T00:10Z", BERLIN, 4))
                .containsExactly(
                        "2026-03-29T01:30+01:00",
                        "2026-03-29T03:00+02:00",
                        "2026-03-29T03:30+02:00",
                        "2026-03-29T04:00+02:00");
        assertThat(next("15 * * * *", "2026-03-29T00:10Z", BERLIN, 2))
                .containsExactly("2026-03-29T01:15+01:00", "2026-03-29T03:15+02:00");
        assertThat(next("@hourly", "2026-10-24T23:10Z", BERLIN, 4))
                .containsExactly(
                        "2026-10-25T02:00+02:00",
                        "2026-10-25T02:00+01:00",
                        "2026-10-25T03:00+01:00",
                        "2026-10-25T04:00+01:00");
    }

    @Test
    void changesOfHalfAnHour_andOfAWholeDay() {
        assertThat(next("15 2 * * *", "2026-10-03T00:00Z", ZoneId.of("Australia/Lord_Howe"), 2))
                .as("2:00 to 2:30 is left out on 4 October")
                .containsExactly("2026-10-04T02:30+11:00", "2026-10-05T02:15+11:00");
        assertThat(next("0 12 * * *", "2011-12-29T23:00Z", ZoneId.of("Pacific/Apia"), 2))
                .as("30 December 2011 is left out")
                .containsExactly("2011-12-31T00:00+14:00", "2011-12-31T12:00+14:00");
    }

    @Test
    void everyDayOfManyYears_isDueOnce() {
        var nightly = CronExpression.parse("30 2 * * *");
        var due = Instant.parse("2020-01-01T00:00:00Z");
        for (int day = 0; day < 3653; day++) {
            due = nightly.next(due, BERLIN).orElseThrow();
            assertThat(due.atZone(BERLIN).toLocalDate())
                    .isEqualTo(LocalDate.of(2020, 1, 1).plusDays(day));
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "60 3 * * *    | 60 not in range [0, 59]",
                "0 3 * *       | 4 parts",
                "0 0 3 * * *   | 6 parts",
                "a b c d e     | Invalid chars",
                "*/0 * * * *   | 0 not in range",
                "30-10 * * * * | Invalid range",
                "0 0 30 2 *    | no such day",
                "@reboot       | @hourly, @daily",
                "@every 5s     | @hourly, @daily",
                "''            | Empty",
            })
    void whatIsNoExpression_isRefused_withTheReason(String expression, String reason) {
        assertThatThrownBy(() -> CronExpression.parse(expression))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'" + expression + "'")
                .hasMessageContaining(reason);
    }
}
