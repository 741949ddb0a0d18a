package dev.shunt.benchmarks.load;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shunt.benchmarks.load.Case.Speech;
import dev.shunt.benchmarks.load.Contender.Theirs;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ResultTest {

    private static final Case CASE = new Case("echo", Map.of("bytes", 64), Speech.LINES, List.of(), (_, _) -> Map.of());

    @Test
    void median_ofAnOddNumber_isTheMiddleOne() {
        var result = result("netty", 3.0, 100.0, 1.0);
        assertThat(result.median()).isEqualTo(3);
        assertThat(result.min()).isEqualTo(1);
        assertThat(result.max()).isEqualTo(100);
        assertThat(result.rounds()).isEqualTo(3);
    }

    @Test
    void median_ofAnEvenNumber_liesBetweenTheTwoInTheMiddle() {
        assertThat(result("netty", 4.0, 1.0, 2.0, 100.0).median()).isEqualTo(3);
    }

    @Test
    void table_hasTheRatioToRawNetty() {
        String table = Report.table(List.of(result("shunt", 90.0), result("vertx", 45.0), result("netty", 100.0)));
        assertThat(table.lines().toList())
                .contains("  shunt                                                            90.0         90.0"
                        + "         90.0    0.90");
        assertThat(table).contains(" / netty");
    }

    @Test
    void table_withoutRawNetty_hasTheRatioToTheFirstOther() {
        String table = Report.table(
                List.of(result("shunt", 90.0), result("shunt-aot", 80.0), result("vertx", 45.0), result("jdk", 30.0)));
        assertThat(table.lines().toList())
                .contains("  shunt                                                            90.0         90.0"
                        + "         90.0    2.00");
        assertThat(table).contains(" / vertx");
    }

    @Test
    void table_ofShuntAlone_hasNoRatio() {
        assertThat(Report.table(List.of(result("shunt", 90.0), result("shunt-children", 90.0))))
                .doesNotContain("/");
    }

    @Test
    void closing_ofAQuickRun_saysThatItDoesNotCount() {
        var report = new Report(List.of(), List.of(), true, 2, "25", "Linux", 0.5);
        assertThat(report.closing()).endsWith(Report.QUICK);
    }

    private static Result result(String contender, Double... values) {
        return Result.of(CASE, new Theirs(contender, "none"), "replies_per_second", List.of(values));
    }
}
