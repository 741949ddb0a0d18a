package dev.shunt.examples.demo;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Locale;
import java.util.Map;

/**
 * What came of the tasks of a fleet.
 *
 * @param results tasks that had one
 * @param lost tasks that had none
 * @param duplicateResults tasks that had more than one
 * @param runs lines in the ledgers of all nodes
 * @param rescued tasks that the killed node had, and others ran
 * @param rescueSeconds from the kill to the moment when others had all of them
 * @param fenced ends of tasks that did not count, for others had them
 * @param perNode how many each node ran
 */
record FleetFigures(
        int tasks,
        int results,
        int lost,
        @JsonProperty("duplicate_results") int duplicateResults,
        int runs,
        int rescued,
        @JsonProperty("rescue_seconds") double rescueSeconds,
        long fenced,
        @JsonProperty("per_node") Map<String, Integer> perNode) {

    @JsonIgnore
    boolean exactlyOnce() {
        return results == tasks && lost == 0 && duplicateResults == 0;
    }

    String text() {
        return String.format(
                Locale.ROOT,
                "%d tasks, %d results, %d lost, %d with more than one result; run %d times by %s%n"
                        + "the killed node had %d, which others had after %.1f s; %d late ends did not count",
                tasks,
                results,
                lost,
                duplicateResults,
                runs,
                perNode,
                rescued,
                rescueSeconds,
                fenced);
    }
}
