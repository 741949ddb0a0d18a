package dev.shunt.benchmarks.load;

import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Names from the command line, found among what there is, or refused with the names that are known. */
final class Selection {

    private Selection() {}

    /** Those named, in the order of the catalogue; all for no name. */
    static List<Scenario> scenarios(
            Scenarios scenarios, List<String> names, Function<String, ? extends RuntimeException> wrong) {
        var all = scenarios.all();
        for (String name : names) {
            if (all.stream().noneMatch(scenario -> scenario.name().equals(name))) {
                throw wrong.apply("no scenario is called '" + name + "'; the scenarios are "
                        + all.stream().map(Scenario::name).collect(Collectors.joining(", ")));
            }
        }
        return all.stream()
                .filter(scenario -> names.isEmpty() || names.contains(scenario.name()))
                .toList();
    }

    /** Whether a case has all the parameters of {@code --only}, each of them {@code KEY=VALUE}. */
    static boolean isWanted(Case one, List<String> only, Function<String, ? extends RuntimeException> wrong) {
        return only.stream().allMatch(condition -> {
            String[] pair = condition.split("=", 2);
            if (pair.length < 2) {
                throw wrong.apply("--only '" + condition + "' is no KEY=VALUE");
            }
            return pair[1].equals(String.valueOf(one.parameters().get(pair[0])));
        });
    }

    static void checkContenders(
            List<Case> cases, List<String> names, Function<String, ? extends RuntimeException> wrong) {
        var known = cases.stream()
                .flatMap(one -> one.contenders().stream())
                .map(Contender::name)
                .distinct()
                .toList();
        for (String name : names) {
            if (!known.contains(name)) {
                throw wrong.apply("no contender here is called '" + name + "'; they are " + String.join(", ", known));
            }
        }
    }
}
