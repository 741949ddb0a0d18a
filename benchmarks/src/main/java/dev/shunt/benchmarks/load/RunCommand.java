package dev.shunt.benchmarks.load;

import dev.shunt.benchmarks.client.Load;
import dev.shunt.benchmarks.load.Case.Speech;
import dev.shunt.benchmarks.load.Contender.Theirs;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Measures scenarios and reports. */
@Command(
        sortOptions = false,
        descriptionHeading = "%n",
        description = {
            "Measures Shunt and others side by side, each as a program of its own, in turn: A, B, A, B. Without a"
                    + " scenario it measures all.",
            "",
            "  bench serve SCENARIO     starts one contender's server only, for a load generator of yours",
            "  bench jmh [PATTERN …]    measures single mechanisms; takes the options of JMH",
            "  bench regress            compares this checkout with another one",
            ""
        },
        footerHeading = "%nScenarios:%n")
public final class RunCommand implements Callable<Integer> {

    private static final int FAILED = 1;

    @Mixin
    private EffortOptions effort = new EffortOptions();

    @Parameters(paramLabel = "SCENARIO", arity = "0..*", description = "what to measure, see below")
    private List<String> names = new ArrayList<>();

    @Option(
            names = "--contender",
            paramLabel = "NAME",
            description = "measure only this one, and others so named; may be repeated")
    private List<String> contenders = new ArrayList<>();

    @Option(
            names = "--observed",
            description = "measure Shunt as it is, with metrics that are read each second, and with tracing of which"
                    + " nothing is sampled; in fire, latency, end-to-end and fairness, and nothing else")
    private boolean observed;

    @Mixin
    private CaseOptions options = new CaseOptions();

    @Option(
            names = "--against",
            paramLabel = "NAME=COMMAND",
            description = {
                "measure a server of yours, too, in echo, http, websocket, end-to-end, seed, memory and startup; may be"
                        + " repeated."
                        + " The shell runs COMMAND, with {port} replaced by a free port to listen on; without {port} it"
                        + " must print 'listening on HOST:PORT'. {scenario} is replaced by the scenario's name"
            })
    private List<String> against = new ArrayList<>();

    @Option(names = "--json", paramLabel = "FILE", description = "write the results to a file, too")
    private @Nullable Path json;

    /** A line for each scenario, for the help. */
    public static String[] scenarios() {
        try (var load = new Load()) {
            return new Scenarios(load)
                    .all().stream()
                            .map(scenario -> String.format(Locale.ROOT, "  %-12s %s", scenario.name(), scenario.what()))
                            .toArray(String[]::new);
        }
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        var pace = effort.effort();
        var run = new Run(pace, json, options::wrong);
        try (var load = new Load()) {
            var report = run.of(cases(new Scenarios(load), pace));
            IO.println(report.closing());
            return report.failures().isEmpty() ? 0 : FAILED;
        } catch (InterruptedException e) {
            System.err.println("bench: stopped");
            return FAILED;
        }
    }

    private List<Case> cases(Scenarios scenarios, Effort effort) {
        var outside = against.stream().map(this::outside).toList();
        var all = options.cases(scenarios, names, contenders, effort);
        if (observed) {
            all = all.stream()
                    .filter(one -> one.contenders().stream().anyMatch(Contender::isObserved))
                    .toList();
        }
        if (!outside.isEmpty() && all.stream().allMatch(one -> one.takes() == Speech.OURS)) {
            throw options.wrong(
                    "no scenario here takes a server from outside; echo, http, websocket, end-to-end, seed, memory and"
                            + " startup do");
        }
        var cases = all.stream()
                .map(one -> one.withContenders(entrants(one, outside)))
                .filter(one -> !one.contenders().isEmpty())
                .toList();
        if (cases.isEmpty()) {
            throw options.wrong(
                    "nothing is left to measure: no case has all that --only, --contender and --observed ask for");
        }
        return cases;
    }

    private List<Contender> entrants(Case of, List<Theirs> outside) {
        var entrants = new ArrayList<Contender>();
        of.contenders().stream().filter(this::takesPart).forEach(entrants::add);
        if (of.takes() != Speech.OURS) {
            entrants.addAll(outside);
        }
        return entrants;
    }

    private boolean takesPart(Contender contender) {
        if (contenders.contains(contender.name())) {
            return true;
        }
        if (observed) {
            return contender.isObserved() || contender.name().equals(Contender.SHUNT);
        }
        return contenders.isEmpty() && !contender.isObserved();
    }

    private Theirs outside(String text) {
        try {
            return Theirs.parse(text);
        } catch (IllegalArgumentException e) {
            throw options.wrong("--against " + e.getMessage());
        }
    }
}
