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
        var report = new Report(
                List.of(result("shunt", 90.0), result("netty", 100.0)), List.of(), true, 2, "25", "Linux", 0.5);
        assertThat(report.table().lines().toList())
                .containsSubsequence(
                        "  shunt                                                            90.0         90.0"
                                + "         90.0    0.90",
                        Report.QUICK);
    }

    private static Result result(String contender, Double... values) {
        return Result.of(CASE, new Theirs(contender, "none"), "replies_per_second", List.of(values));
    }
}
