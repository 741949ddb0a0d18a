package dev.shunt.examples.demo;

import dev.shunt.data.Codec;
import dev.shunt.examples.Options;
import dev.shunt.postgres.LocalPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;

/**
 * Several nodes that share tasks in a PostgreSQL of their own: one is killed midway, another
 * stopped for 20 s, and each task has exactly one result all the same. Exit code 0 if so, 1 if not,
 * 2 for wrong options.
 */
public final class FleetDemo {

    private static final int FAILED = 1;

    @Option(
            names = "--nodes",
            paramLabel = "N",
            converter = Nodes.class,
            description = "how many nodes there are, default ${DEFAULT-VALUE}")
    private int nodes = 3;

    @Option(
            names = "--tasks",
            paramLabel = "N",
            converter = TaskCount.class,
            description = "how many tasks they share, default ${DEFAULT-VALUE}")
    private int tasks = 20_000;

    @Option(names = "--json", paramLabel = "FILE", description = "write the figures to a file, too")
    private @Nullable Path json;

    public static void main(String... args) throws IOException, InterruptedException {
        var demo = new FleetDemo();
        Options.read(demo, args);
        System.exit(demo.run());
    }

    private int run() throws IOException, InterruptedException {
        if (json != null && !Files.isDirectory(json.toAbsolutePath().resolveSibling("."))) {
            System.err.println(
                    "fleet-demo: --json "
                            + json
                            + " cannot be there; name a file in a directory that exists");
            return Options.WRONG_USE;
        }
        var directory = Files.createTempDirectory("shunt-fleet-");
        var started = new ArrayList<FleetNode>();
        var end = new Thread(() -> stop(started, directory));
        Runtime.getRuntime().addShutdownHook(end);
        IO.println("starting PostgreSQL ...");
        try (var postgres = LocalPostgres.start()) {
            IO.println(
                    "PostgreSQL listens on 127.0.0.1:"
                            + postgres.port()
                            + "; starting "
                            + nodes
                            + " nodes ...");
            for (int i = 1; i <= nodes; i++) {
                started.add(FleetNode.start("node-" + i, postgres.url(), directory));
            }
            var figures = new FleetRun(postgres.url(), started, tasks, directory).run();
            IO.println("\n" + figures.text());
            if (json != null) {
                Files.write(json, Codec.json().encode(figures));
            }
            return figures.exactlyOnce() ? 0 : FAILED;
        } finally {
            Runtime.getRuntime().removeShutdownHook(end);
            stop(started, directory);
        }
    }

    private static void stop(List<FleetNode> started, Path directory) {
        started.forEach(FleetNode::end);
        try (var files = Files.walk(directory)) {
            for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            System.err.println("fleet-demo: " + directory + " is left: " + e.getMessage());
        }
    }

    private static final class Nodes implements ITypeConverter<Integer> {

        @Override
        public Integer convert(String text) {
            return Options.number(text, 2, 16);
        }
    }

    private static final class TaskCount implements ITypeConverter<Integer> {

        @Override
        public Integer convert(String text) {
            return Options.number(text, 1, 1_000_000);
        }
    }
}
