package dev.shunt.benchmarks.load;

import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** What a contender reached in a case, by one metric. The member names are those of the JSON. */
record Result(
        String scenario,
        String contender,
        Map<String, Object> parameters,
        String metric,
        double median,
        double min,
        double max,
        int rounds) {

    static Result of(Case of, Contender contender, String metric, List<Double> values) {
        double[] sorted =
                values.stream().mapToDouble(Double::doubleValue).sorted().toArray();
        int middle = sorted.length / 2;
        double median = sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
        return new Result(
                of.scenario(),
                contender.name(),
                of.parameters(),
                metric,
                median,
                sorted[0],
                Arrays.stream(sorted).max().orElseThrow(),
                sorted.length);
    }
}
