package dev.shunt.benchmarks.load;

import dev.shunt.benchmarks.client.Load;
import dev.shunt.benchmarks.load.Case.Speech;
import dev.shunt.benchmarks.load.Contender.Theirs;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

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
            ""
        },
        footerHeading = "%nScenarios:%n")
public final class RunCommand implements Callable<Integer> {

    /** What is measured without options. */
    static final Effort FULL =
            new Effort(Effort.ROUNDS, Duration.ofSeconds(2), Duration.ofSeconds(4), false, Effort.CONNECTIONS, 0, true);

    /** Without the compiler that pays off later, or never in a tiny round. */
    private static final String QUICK_TO_START = "-XX:TieredStopAtLevel=1";

    /** What a program is told of an AOT cache. */
    private static final Pattern AOT_CACHE =
            Pattern.compile("-XX:(AOTCache=.*|ArchiveRelocationMode=.*|\\+UnlockDiagnosticVMOptions)");

    private static final int FAILED = 1;

    @Spec
    private @Nullable CommandSpec spec;

    @Parameters(paramLabel = "SCENARIO", arity = "0..*", description = "what to measure, see below")
    private List<String> names = new ArrayList<>();

    @Option(names = "--rounds", paramLabel = "N", description = "rounds that count, default " + Effort.ROUNDS)
    private @Nullable Integer rounds;

    @Option(names = "--seconds", paramLabel = "S", description = "length of a round, default 2")
    private @Nullable Double seconds;

    @Option(names = "--warm-up", paramLabel = "S", description = "length of the round that does not count, default 4")
    private @Nullable Double warmUp;

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

    @Option(
            names = "--only",
            paramLabel = "KEY=VALUE",
            description = "measure only cases with this parameter, such as bytes=64; may be repeated")
    private List<String> only = new ArrayList<>();

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

    @Option(
            names = "--connections",
            paramLabel = "N",
            description = "of the load generator, default " + Effort.CONNECTIONS)
    private @Nullable Integer connections;

    @Option(
            names = "--rate",
            paramLabel = "N",
            description = "requests due per second, whatever the server does: latencies count from when a request was"
                    + " due. Default: each connection asks again when it has its reply")
    private @Nullable Double rate;

    @Option(names = "--json", paramLabel = "FILE", description = "write the results to a file, too")
    private @Nullable Path json;

    @Option(names = "--quick", description = "a few tiny rounds, to see that all works; the figures do not count")
    private boolean quick;

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
        var effort = effort();
        checkJson();
        try (var load = new Load()) {
            var cases = cases(new Scenarios(load), effort);
            var report = measured(cases, effort);
            IO.println(report.closing());
            return report.failures().isEmpty() ? 0 : FAILED;
        } catch (InterruptedException e) {
            System.err.println("bench: stopped");
            return FAILED;
        }
    }

    /** Says what each case has come to at once, so that little is lost if something ends this program. */
    private Report measured(List<Case> cases, Effort effort) throws IOException, InterruptedException {
        double loadAverage = ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
        var processes = new Processes(effort.quick() ? quickToStart() : List.of());
        var report = new Report(
                new ArrayList<>(),
                new ArrayList<>(),
                effort.quick(),
                Runtime.getRuntime().availableProcessors(),
                System.getProperty("java.version"),
                System.getProperty("os.name") + " " + System.getProperty("os.version"),
                loadAverage);
        for (int i = 0; i < cases.size(); i++) {
            var next = cases.get(i);
            System.err.printf(
                    Locale.ROOT,
                    "[%d/%d] %s: %s ...%n",
                    i + 1,
                    cases.size(),
                    next.title(),
                    next.contenders().stream().map(Contender::name).collect(Collectors.joining(", ")));
            var running = new Rounds(next, effort, processes);
            var results = running.run();
            report.results().addAll(results);
            running.failures()
                    .forEach(
                            failure -> System.err.println("  " + failure.contender() + " FAILED: " + failure.reason()));
            report.failures().addAll(running.failures());
            if (!results.isEmpty()) {
                IO.println(Report.table(results));
            }
            if (json != null) {
                Files.write(json, report.json());
            }
        }
        return report;
    }

    /** Also with the AOT cache that this program was started with, if it was. */
    private static List<String> quickToStart() {
        return Stream.concat(
                        Stream.of(QUICK_TO_START),
                        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                                .filter(AOT_CACHE.asMatchPredicate()))
                .toList();
    }

    private List<Case> cases(Scenarios scenarios, Effort effort) {
        var outside = against.stream().map(this::outside).toList();
        var all = Selection.scenarios(scenarios, names, this::wrong).stream()
                .flatMap(scenario -> scenario.cases().apply(effort).stream())
                .filter(one -> Selection.isWanted(one, only, this::wrong))
                .toList();
        Selection.checkContenders(all, contenders, this::wrong);
        if (observed) {
            all = all.stream()
                    .filter(one -> one.contenders().stream().anyMatch(Contender::isObserved))
                    .toList();
        }
        if (!outside.isEmpty() && all.stream().allMatch(one -> one.takes() == Speech.OURS)) {
            throw wrong(
                    "no scenario here takes a server from outside; echo, http, websocket, end-to-end, seed, memory and"
                            + " startup do");
        }
        var cases = all.stream()
                .map(one -> one.withContenders(entrants(one, outside)))
                .filter(one -> !one.contenders().isEmpty())
                .toList();
        if (cases.isEmpty()) {
            throw wrong("nothing is left to measure: no case has all that --only, --contender and --observed ask for");
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
            throw wrong("--against " + e.getMessage());
        }
    }

    private Effort effort() {
        var defaults = quick ? Effort.QUICK : FULL;
        return new Effort(
                rounds == null ? defaults.rounds() : (int) positive("--rounds", rounds),
                seconds == null ? defaults.duration() : seconds("--seconds", seconds),
                warmUp == null ? defaults.warmUp() : seconds("--warm-up", warmUp),
                quick,
                connections == null ? defaults.connections() : (int) positive("--connections", connections),
                rate == null ? 0 : positive("--rate", rate),
                true);
    }

    private Duration seconds(String option, double value) {
        return Duration.ofNanos((long) (positive(option, value) * 1e9));
    }

    private double positive(String option, double value) {
        if (!(value > 0 && value <= 1e9)) {
            throw wrong(option + " must be above 0 and at most a billion");
        }
        return value;
    }

    private void checkJson() {
        Path file = json;
        if (file != null
                && (Files.isDirectory(file)
                        || !Files.isWritable(file.toAbsolutePath().getParent()))) {
            throw wrong("--json " + file + " cannot be written; name a file in a directory that exists");
        }
    }

    private ParameterException wrong(String message) {
        if (spec == null) {
            throw new IllegalStateException(message);
        }
        return new ParameterException(spec.commandLine(), message);
    }
}
