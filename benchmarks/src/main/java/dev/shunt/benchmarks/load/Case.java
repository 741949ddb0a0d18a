package dev.shunt.benchmarks.load;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * One thing to compare contenders in.
 *
 * @param parameters in the order in which they are shown
 * @param takes what a server from outside must understand to take part; {@link Speech#OURS} if none can
 */
record Case(
        String scenario,
        Map<String, Object> parameters,
        Speech takes,
        List<Contender> contenders,
        Measurement measurement) {

    /** What is spoken with the server. */
    enum Speech {
        LINES,
        HTTP,
        WEBSOCKET,
        OURS
    }

    String title() {
        return title(scenario, parameters);
    }

    static String title(String scenario, Map<String, Object> parameters) {
        return scenario
                + parameters.entrySet().stream()
                        .map(parameter -> " " + parameter.getKey() + "=" + parameter.getValue())
                        .collect(Collectors.joining());
    }

    Case withContenders(List<Contender> others) {
        return new Case(scenario, parameters, takes, others, measurement);
    }
}
