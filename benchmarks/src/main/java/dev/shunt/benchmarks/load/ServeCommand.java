package dev.shunt.benchmarks.load;

import dev.shunt.benchmarks.client.Load;
import dev.shunt.benchmarks.load.Contender.Ours;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

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

    @Spec
    private @Nullable CommandSpec spec;

    @Parameters(paramLabel = "SCENARIO", arity = "1", description = "as of bench")
    private String scenario = "";

    @Option(names = "--contender", paramLabel = "NAME", description = "default ${DEFAULT-VALUE}")
    private String contender = Contender.SHUNT;

    @Option(
            names = "--only",
            paramLabel = "KEY=VALUE",
            description = "serve the first case with this parameter, such as slots=1; may be repeated")
    private List<String> only = new ArrayList<>();

    @Option(names = "--port", paramLabel = "N", description = "default ${DEFAULT-VALUE}, any free one")
    private int port;

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (port < 0 || port > 65_535) {
            throw wrong("--port " + port + " is not 0 to 65535");
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
            var cases = Selection.scenarios(new Scenarios(load), List.of(scenario), this::wrong).stream()
                    .flatMap(one -> one.cases().apply(Effort.FULL).stream())
                    .filter(one -> Selection.isWanted(one, only, this::wrong))
                    .toList();
            if (cases.isEmpty()) {
                throw wrong("no case of " + scenario + " has all that --only asks for");
            }
            Selection.checkContenders(cases, List.of(contender), this::wrong);
            return cases.stream()
                    .flatMap(one -> one.contenders().stream())
                    .filter(one -> one.name().equals(contender))
                    .map(Ours.class::cast)
                    .findFirst()
                    .orElseThrow();
        }
    }

    private ParameterException wrong(String message) {
        if (spec == null) {
            throw new IllegalStateException(message);
        }
        return new ParameterException(spec.commandLine(), message);
    }
}
