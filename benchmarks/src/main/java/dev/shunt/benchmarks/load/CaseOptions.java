package dev.shunt.benchmarks.load;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Which cases of the scenarios that are named, as the command line says it. */
final class CaseOptions {

    @Spec(Spec.Target.MIXEE)
    private @Nullable CommandSpec spec;

    @Option(
            names = "--only",
            paramLabel = "KEY=VALUE",
            description = "only cases with this parameter, such as bytes=64; may be repeated")
    private List<String> only = new ArrayList<>();

    /**
     * @param names of scenarios; none stands for all
     * @param contenders each of which takes part in one of the cases, if there are any, or the command line is wrong
     */
    List<Case> cases(Scenarios scenarios, List<String> names, List<String> contenders, Effort effort) {
        var cases = Selection.scenarios(scenarios, names, this::wrong).stream()
                .flatMap(scenario -> scenario.cases().apply(effort).stream())
                .filter(one -> Selection.isWanted(one, only, this::wrong))
                .toList();
        if (!cases.isEmpty()) {
            Selection.checkContenders(cases, contenders, this::wrong);
        }
        return cases;
    }

    /** What to throw at a command line that makes no sense. */
    ParameterException wrong(String message) {
        return wrong(spec, message);
    }

    /** As {@link #wrong(String)}, of the command that has this specification. */
    static ParameterException wrong(@Nullable CommandSpec spec, String message) {
        if (spec == null) {
            throw new IllegalStateException(message);
        }
        return new ParameterException(spec.commandLine(), message);
    }
}
