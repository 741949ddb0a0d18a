package dev.shunt.tests;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** What {@code /metrics} has said, by each series. */
final class MetricSamples {

    private static final Pattern SAMPLE = Pattern.compile("([a-z_]+(?:\\{[^}]*})?) (\\S+)");

    private MetricSamples() {}

    static Map<String, Double> of(String text) {
        var samples = new TreeMap<String, Double>();
        text.lines().filter(line -> !line.startsWith("#")).forEach(line -> {
            var sample = SAMPLE.matcher(line);
            assertThat(sample.matches()).as(line).isTrue();
            samples.put(sample.group(1), Double.valueOf(sample.group(2)));
        });
        return samples;
    }

    /** Of all series that have each of the parts. */
    static double sum(Map<String, Double> samples, String... parts) {
        return samples.entrySet().stream()
                .filter(sample -> Arrays.stream(parts).allMatch(sample.getKey()::contains))
                .mapToDouble(Map.Entry::getValue)
                .sum();
    }
}
