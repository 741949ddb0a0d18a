package dev.shunt.process;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.jar.JarFile;
import org.jspecify.annotations.Nullable;

/**
 * Which program this process is, as its command line tells.
 *
 * @param name its main class without the package, or its jar or source file without the suffix
 * @param main the class, jar, module or source file that java was given
 * @param args the program's
 * @param version what the main class's package or the jar says of itself
 * @param started by the system's word
 */
public record ProgramIdentity(
        String name,
        String main,
        List<String> args,
        @Nullable String version,
        Instant started,
        long pid,
        String workingDirectory) {

    public ProgramIdentity {
        args = List.copyOf(args);
    }

    public static ProgramIdentity ofThisProcess() {
        var words = words();
        boolean mode = !words.isEmpty()
                && (words.getFirst().equals("-jar") || words.getFirst().equals("-m"));
        boolean jar = mode && words.getFirst().equals("-jar");
        var rest = mode ? words.subList(1, words.size()) : words;
        String main = rest.isEmpty() ? "java" : rest.getFirst();
        var process = ProcessHandle.current();
        return new ProgramIdentity(
                name(main),
                main,
                rest.isEmpty() ? List.of() : rest.subList(1, rest.size()),
                version(main, jar),
                process.info().startInstant().orElse(Instant.EPOCH),
                process.pid(),
                Path.of("").toAbsolutePath().toString());
    }

    /** Of what this process runs; empty if that says none. */
    public static String versionOfThisProcess() {
        return Optional.ofNullable(ofThisProcess().version()).orElse("");
    }

    private static List<String> words() {
        try {
            return CommandLine.ofThisProcess()
                    .map(line -> line.main().stream().map(CommandLine::text).toList())
                    .orElse(List.of());
        } catch (IOException e) {
            return List.of();
        }
    }

    private static String name(String main) {
        String last = main.substring(Math.max(main.lastIndexOf('/'), main.lastIndexOf('\\')) + 1);
        if (last.endsWith(".jar") || last.endsWith(".java")) {
            return last.substring(0, last.lastIndexOf('.'));
        }
        return last.substring(Math.max(last.lastIndexOf('.'), last.lastIndexOf('$')) + 1);
    }

    private static @Nullable String version(String main, boolean jar) {
        try {
            if (jar) {
                try (var file = new JarFile(main)) {
                    var manifest = Optional.ofNullable(file.getManifest());
                    return manifest.map(all -> all.getMainAttributes().getValue("Implementation-Version"))
                            .orElse(null);
                }
            }
            String name = main.substring(main.indexOf('/') + 1);
            return Class.forName(name, false, ClassLoader.getSystemClassLoader())
                    .getPackage()
                    .getImplementationVersion();
        } catch (IOException | ReflectiveOperationException | LinkageError e) {
            return null; // a source file, say
        }
    }
}
