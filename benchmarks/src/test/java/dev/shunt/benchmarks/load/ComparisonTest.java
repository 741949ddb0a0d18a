package dev.shunt.benchmarks.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.shunt.benchmarks.load.Case.Speech;
import dev.shunt.benchmarks.load.Contender.Theirs;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ComparisonTest {

    private static final Case CASE = new Case("echo", Map.of("bytes", 64), Speech.LINES, List.of(), (_, _) -> Map.of());

    @ParameterizedTest
    @CsvSource({
        "replies_per_second,  94, 100, 0.94, true",
        "replies_per_second,  96, 100, 0.96, false",
        "replies_per_second, 200, 100, 2,    false",
        "p50_micros,         106, 100, 0.94, true",
        "p50_micros,          50, 100, 2,    false",
        "p99_micros,         300, 100, 0.33, false",
        "cpu_micros,         106, 100, 0.94, true",
        "cpu_micros,         100,   0, 1,    false",
        "cpu_micros,           0, 100, 1,    false",
        "results_lost,         0,   0, 1,    false"
    })
    void median_thatIsWorseByMoreThanTheNoise_isSaidToBe(
            String metric, double now, double before, double ratio, boolean worse) {
        var results = List.of(result("shunt", metric, now), result("base-shunt", metric, before));

        assertThat(Comparison.of(results)).singleElement().satisfies(comparison -> {
            assertThat(comparison.ratio()).isEqualTo(ratio, within(0.005));
            assertThat(comparison.isWorse(0.05)).isEqualTo(worse);
            assertThat(comparison.line(0.05).startsWith("WORSE")).isEqualTo(worse);
        });
    }

    private static Result result(String contender, String metric, double value) {
        return Result.of(CASE, new Theirs(contender, "none"), metric, List.of(value));
    }
}
