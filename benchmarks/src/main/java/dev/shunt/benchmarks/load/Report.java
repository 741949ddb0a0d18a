package dev.shunt.benchmarks.load;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * All that a run has found out. The member names are those of the JSON.
 *
 * @param quick whether it was a quick run, whose figures do not count
 */
record Report(
        List<Result> results,
        List<Rounds.Failure> failures,
        boolean quick,
        int cores,
        String java,
        String kernel,
        double loadAverageBefore) {

    static final String QUICK = "a quick run: these figures do not count";

    private static final JsonMapper JSON =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    private record Key(String scenario, Map<String, Object> parameters, String metric) {

        static Key of(Result result) {
            return new Key(result.scenario(), result.parameters(), result.metric());
        }

        String title() {
            return Case.title(scenario, parameters) + ": " + metric;
        }
    }

    byte[] json() {
        return JSON.writeValueAsBytes(this);
    }

    /** A block for each case and metric, a line for each contender. */
    static String table(List<Result> results) {
        var blocks = results.stream().collect(Collectors.groupingBy(Key::of, LinkedHashMap::new, Collectors.toList()));
        var lines = new ArrayList<String>();
        blocks.forEach((key, block) -> {
            var reference = reference(block);
            lines.add(String.format(
                    Locale.ROOT,
                    "%-58s %12s %12s %12s%s",
                    key.title(),
                    "median",
                    "min",
                    "max",
                    reference.map(other -> " / " + other.contender()).orElse("")));
            block.forEach(result -> lines.add(line(result, reference)));
            lines.add("");
        });
        return String.join("\n", lines);
    }

    /** Shunt as it is where something watches it beside that; else raw Netty where it takes part, or the first that is not Shunt. */
    private static Optional<Result> reference(List<Result> block) {
        if (Measurements.isOfGenerator(block.getFirst().metric())) {
            return Optional.empty();
        }
        boolean observed = block.stream().anyMatch(result -> Contender.isObserved(result.contender()));
        String against = observed ? Contender.SHUNT : Contender.NETTY;
        return block.stream()
                .filter(result -> result.contender().equals(against))
                .findFirst()
                .or(() -> block.stream()
                        .filter(result -> !result.contender().startsWith(Contender.SHUNT))
                        .findFirst());
    }

    /** What was not measured, and on which machine all was. */
    String closing() {
        var lines = new ArrayList<String>();
        failures.forEach(failure -> lines.add("FAILED " + failure.contender() + " in " + failure.scenario() + " "
                + failure.parameters() + ": " + failure.reason()));
        lines.add(String.format(
                Locale.ROOT,
                "%d cores, Java %s, %s, load average before %.2f",
                cores,
                java,
                kernel,
                loadAverageBefore));
        if (quick) {
            lines.add(QUICK);
        }
        return String.join("\n", lines);
    }

    private static String line(Result result, Optional<Result> reference) {
        String ratio = reference
                .filter(other -> other.median() > 0)
                .map(other -> String.format(Locale.ROOT, " %7.2f", result.median() / other.median()))
                .orElse("");
        return String.format(
                Locale.ROOT,
                "  %-56s %12s %12s %12s%s",
                result.contender(),
                number(result.median()),
                number(result.min()),
                number(result.max()),
                ratio);
    }

    /** Three digits that say something, at least. */
    private static String number(double value) {
        String format = value >= 1000 ? "%,.0f" : value >= 10 ? "%.1f" : "%.2f";
        return String.format(Locale.ROOT, format, value);
    }
}
