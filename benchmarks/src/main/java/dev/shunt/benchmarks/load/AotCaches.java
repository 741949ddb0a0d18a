package dev.shunt.benchmarks.load;

import dev.shunt.benchmarks.load.Contender.Part;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The JDK's AOT caches for servers that speak lines, each made as a user makes one: by a run of the same program that does
 * a little of everything and is stopped. Kept as long as this program runs.
 */
final class AotCaches {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int LINES = 2_000;

    private final Processes processes;
    private final Map<Key, Path> made = new HashMap<>();

    private record Key(String classPath, Class<?> main) {}

    AotCaches(Processes processes) {
        this.processes = processes;
    }

    /** The options of a java that uses the part's cache; makes it first if there is none yet. */
    List<String> options(String classPath, Part part) throws IOException, InterruptedException {
        var key = new Key(classPath, part.main());
        var cache = made.get(key);
        if (cache == null) {
            cache = processes.directory().resolve("server.aot");
            train(classPath, part, cache);
            made.put(key, cache);
        }
        // At the place it was made for, so that processes share its pages.
        return List.of(
                "-XX:AOTCache=" + cache,
                "-XX:+UnlockDiagnosticVMOptions",
                "-XX:ArchiveRelocationMode=0",
                "-XX:TrimNativeHeapInterval=5000");
    }

    private void train(String classPath, Part part, Path cache) throws IOException, InterruptedException {
        var command = part.command(
                classPath,
                List.of("-XX:AOTCacheOutput=" + cache, "-XX:+UnlockDiagnosticVMOptions", "-XX:-AOTRecordTraining"),
                0,
                0,
                Path.of(""));
        try (var program = Program.start(processes, "the run that makes an AOT cache", command)) {
            int port = Started.announcedBy(program);
            try (var client = new Started.LineClient(new Socket(InetAddress.getLoopbackAddress(), port))) {
                for (int i = 0; i < LINES; i++) {
                    client.ask("x");
                }
            }
            program.stop(PATIENCE);
            if (!Files.exists(cache)) {
                throw new IOException(program.explained("made no AOT cache"));
            }
        }
    }
}
