package dev.shunt.benchmarks.load;

import dev.shunt.benchmarks.client.Load;
import dev.shunt.benchmarks.load.Contender.Ours;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Starts what would be measured, and lets somebody else measure it. */
@Command(
        sortOptions = false,
        descriptionHeading = "%n",
        description = {
            "Starts one contender's server for a scenario, prints 'listening on HOST:PORT', and serves until it is"
                    + " stopped. It is that of the scenario's first case, as bench measures it, unless --only asks for"
                    + " another.",
            ""
        })
public final class ServeCommand implements Callable<Integer> {

    @Parameters(paramLabel = "SCENARIO", arity = "1", description = "as of bench")
    private String scenario = "";

    @Option(names = "--contender", paramLabel = "NAME", description = "default ${DEFAULT-VALUE}")
    private String contender = Contender.SHUNT;

    @Mixin
    private CaseOptions options = new CaseOptions();

    @Option(names = "--port", paramLabel = "N", description = "default ${DEFAULT-VALUE}, any free one")
    private int port;

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (port < 0 || port > 65_535) {
            throw options.wrong("--port " + port + " is not 0 to 65535");
        }
        var processes = new Processes();
        var chosen = chosen();
        var parts = chosen.parts();
        int before = 0;
        if (parts.size() > 1) {
            var server = new Ours(contender, parts.subList(0, parts.size() - 1), chosen.aotCache(), chosen.classPath());
            before = Started.start(server, scenario, processes).port();
        }
        var last = parts.getLast();
        var options = chosen.aotCache() ? processes.aotCaches().options(chosen.classPath(), last) : List.<String>of();
        var directory = last.needsDirectory() ? processes.directory() : Path.of("");
        var command = last.command(chosen.classPath(), options, port, before, directory);
        var process = processes.start(new ProcessBuilder(command).inheritIO());
        int code = process.waitFor();
        processes.end(process);
        return code;
    }

    private Ours chosen() {
        try (var load = new Load()) {
            var cases = options.cases(new Scenarios(load), List.of(scenario), List.of(contender), Effort.FULL);
            if (cases.isEmpty()) {
                throw options.wrong("no case of " + scenario + " has all that --only asks for");
            }
            return cases.stream()
                    .flatMap(one -> one.contenders().stream())
                    .filter(one -> one.name().equals(contender))
                    .map(Ours.class::cast)
                    .findFirst()
                    .orElseThrow();
        }
    }
}
