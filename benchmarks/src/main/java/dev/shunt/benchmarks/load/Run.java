package dev.shunt.benchmarks.load;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Measures case after case, and says what each has come to at once, so that little is lost if something ends this program. */
final class Run {

    /** Without the compiler that pays off later, or never in a tiny round. */
    private static final String QUICK_TO_START = "-XX:TieredStopAtLevel=1";

    /** What a program is told of an AOT cache. */
    private static final Pattern AOT_CACHE =
            Pattern.compile("-XX:(AOTCache=.*|ArchiveRelocationMode=.*|\\+UnlockDiagnosticVMOptions)");

    private final Effort effort;
    private final @Nullable Path json;

    /** @param json where results are written to, too */
    Run(Effort effort, @Nullable Path json, Function<String, ? extends RuntimeException> wrong) {
        if (json != null
                && (Files.isDirectory(json)
                        || !Files.isWritable(json.toAbsolutePath().getParent()))) {
            throw wrong.apply("--json " + json + " cannot be written; name a file in a directory that exists");
        }
        this.effort = effort;
        this.json = json;
    }

    Report of(List<Case> cases) throws IOException, InterruptedException {
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
}
