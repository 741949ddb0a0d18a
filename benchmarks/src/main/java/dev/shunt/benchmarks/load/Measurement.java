package dev.shunt.benchmarks.load;

import java.io.IOException;
import java.util.Map;

/** What one round of one contender measures: a number for each metric, by its name in JSON. */
interface Measurement {

    Map<String, Double> round(Started server, Effort effort) throws IOException, InterruptedException;

    /** Whether each round has a server of its own, rather than one that stays up through all of them. */
    default boolean isOfFreshServer() {
        return false;
    }

    /** The same on a fresh server. */
    static Measurement ofFreshServer(Measurement measurement) {
        return new Measurement() {
            @Override
            public Map<String, Double> round(Started server, Effort effort) throws IOException, InterruptedException {
                return measurement.round(server, effort);
            }

            @Override
            public boolean isOfFreshServer() {
                return true;
            }
        };
    }
}
