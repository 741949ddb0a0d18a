package dev.shunt.benchmarks.load;

import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * A contender of this checkout beside itself of another one, by one metric.
 *
 * @param ratio of the medians, above 1 if this checkout is better
 * @param decides false for a metric that swings more than its median says, such as a 99th percentile, and for processor
 *     time that was too short to be counted
 */
record Comparison(
        String scenario,
        Map<String, Object> parameters,
        String contender,
        String metric,
        double ratio,
        boolean decides) {

    /** What {@link RegressCommand} calls the other checkout's contenders. */
    static String base(String contender) {
        return "base-" + contender;
    }

    static List<Comparison> of(List<Result> results) {
        return results.stream()
                .filter(result -> !Measurements.isOfGenerator(result.metric()))
                .flatMap(now ->
                        results.stream().filter(before -> isSame(now, before)).map(before -> of(now, before)))
                .toList();
    }

    private static boolean isSame(Result now, Result before) {
        return before.contender().equals(base(now.contender()))
                && before.scenario().equals(now.scenario())
                && before.parameters().equals(now.parameters())
                && before.metric().equals(now.metric());
    }

    private static Comparison of(Result now, Result before) {
        boolean more = now.metric().endsWith("_per_second");
        double good = more ? now.median() : before.median();
        double bad = more ? before.median() : now.median();
        boolean unknown = now.metric().startsWith("cpu_") && (good == 0 || bad == 0);
        return new Comparison(
                now.scenario(),
                now.parameters(),
                now.contender(),
                now.metric(),
                unknown || good == bad ? 1 : good / bad,
                !unknown && !now.metric().startsWith("p99_"));
    }

    boolean isWorse(double noise) {
        return decides && ratio < 1 - noise;
    }

    String line(double noise) {
        return String.format(
                Locale.ROOT,
                "%s %5.2f  %s, %s: %s",
                isWorse(noise) ? "WORSE" : decides ? "     " : "  (-)",
                ratio,
                Case.title(scenario, parameters),
                contender,
                metric);
    }
}
