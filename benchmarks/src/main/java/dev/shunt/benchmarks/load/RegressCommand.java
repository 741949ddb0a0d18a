package dev.shunt.benchmarks.load;

import dev.shunt.benchmarks.client.Load;
import dev.shunt.benchmarks.load.Contender.Ours;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Whether this checkout is slower than another one. Exit code 0 if nothing is, 1 if something is or failed. */
@Command(
        sortOptions = false,
        descriptionHeading = "%n",
        description = {
            "Measures this checkout beside another one, each program of this one and the same of that one in turn, and"
                    + " fails if a median is worse by more than the noise. Shown and not judged are 99th percentiles.",
            ""
        })
public final class RegressCommand implements Callable<Integer> {

    private static final int WORSE = 1;

    /** What the engine, the wires and the log cost. */
    private static final List<String> SCENARIOS =
            List.of("fire", "latency", "end-to-end", "echo", "websocket", "durable");

    @Parameters(
            paramLabel = "SCENARIO",
            arity = "0..*",
            description = "as of bench; default fire latency end-to-end echo websocket durable")
    private List<String> names = new ArrayList<>();

    @Option(
            names = "--base",
            paramLabel = "DIRECTORY",
            required = true,
            description = "the other checkout, in which './shunt bench --help' has built the benchmarks")
    private Path base = Path.of("");

    @Option(
            names = "--noise",
            paramLabel = "N",
            description = "by how much a median may be worse, from 0 to 1; default ${DEFAULT-VALUE}")
    private double noise = 0.05;

    @Option(names = "--contender", paramLabel = "NAME", description = "one of Shunt's, default shunt; may be repeated")
    private List<String> contenders = new ArrayList<>();

    @Mixin
    private CaseOptions options = new CaseOptions();

    @Mixin
    private EffortOptions effort = new EffortOptions();

    @Option(names = "--json", paramLabel = "FILE", description = "write the results to a file, too")
    private @Nullable Path json;

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (!(noise >= 0 && noise < 1)) {
            throw options.wrong("--noise " + noise + " is not from 0 to below 1");
        }
        var pace = effort.effort();
        var run = new Run(pace, json, options::wrong);
        String classPath = classPathOfBase();
        try (var load = new Load()) {
            return judged(run.of(cases(new Scenarios(load), pace, classPath)));
        } catch (InterruptedException e) {
            System.err.println("bench: stopped");
            return WORSE;
        }
    }

    private String classPathOfBase() throws IOException {
        var lib = base.resolve("benchmarks/target/lib");
        if (!Files.isDirectory(lib)) {
            throw options.wrong("--base " + base + " has no built benchmarks; run './shunt bench --help' there once");
        }
        try (var jars = Files.list(lib)) {
            return String.join(":", jars.map(Path::toString).sorted().toList());
        }
    }

    private List<Case> cases(Scenarios scenarios, Effort pace, String classPath) {
        var wanted = names.isEmpty() ? SCENARIOS : names;
        var chosen = contenders.isEmpty() ? List.of(Contender.SHUNT) : contenders;
        var all = options.cases(scenarios, wanted, chosen, pace);
        for (String name : chosen) {
            if (!name.startsWith(Contender.SHUNT)) {
                throw options.wrong("--contender " + name + " is not one of Shunt's, and the same in both checkouts");
            }
        }
        var cases = all.stream()
                .map(one -> one.withContenders(one.contenders().stream()
                        .filter(contender -> chosen.contains(contender.name()))
                        .map(Ours.class::cast)
                        .flatMap(now -> Stream.<Contender>of(now, now.inBuild(Comparison.base(now.name()), classPath)))
                        .toList()))
                .filter(one -> !one.contenders().isEmpty())
                .toList();
        if (cases.isEmpty()) {
            throw options.wrong("nothing is left to measure: no case has all that --only and --contender ask for");
        }
        return cases;
    }

    private int judged(Report report) {
        var comparisons = Comparison.of(report.results());
        IO.println("Medians beside those of " + base + ", above 1 is better:");
        comparisons.forEach(comparison -> IO.println(comparison.line(noise)));
        long worse = comparisons.stream().filter(one -> one.isWorse(noise)).count();
        IO.println(String.format(
                Locale.ROOT,
                "%d of %d medians are worse by more than %.3g.",
                worse,
                comparisons.stream().filter(Comparison::decides).count(),
                noise));
        IO.println(report.closing());
        return worse == 0 && report.failures().isEmpty() ? 0 : WORSE;
    }
}
