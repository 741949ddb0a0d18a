package dev.shunt.process;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What an AOT cache is good for: this JDK, these jars as they are now, this program, and those of a child's options that the
 * JVM compares or that change what is in the cache.
 *
 * @param name of its file
 */
record AotKey(String name) {

    private static final Pattern MATTERS =
            Pattern.compile("--.*|-Xbootclasspath.*|-XX:[+-]Use\\w*(GC|Oops|Pointers|Headers)"
                    + "|-XX:ObjectAlignmentInBytes=.*|-Djava\\.(class|module)\\..*|-Djdk\\.module\\..*");

    /** With an agent, the JVM uses no cache, or the training run would run the agent; the others say what to use instead. */
    private static final Pattern FORBIDS = Pattern.compile(
            "-javaagent:.*|-agent(lib|path):.*|-Xrun.*|-Xdebug|-XX:AOT.*|-XX:[+-]AOT.*|-XX:SharedArchiveFile=.*|-Xshare.*"
                    + "|-XX:[+-](AutoCreateSharedArchive|DumpSharedSpaces)|-XX:ArchiveClassesAtExit=.*|-Xint"
                    + "|--patch-module=.*|--upgrade-module-path=.*|--limit-modules=.*|--module-path=.*"
                    + "|-Djava\\.system\\.class\\.loader=.*");

    private static final Path MODULES = Path.of(System.getProperty("java.home"), "lib", "modules");
    private static final long PRIME = 1_099_511_628_211L;

    /**
     * Why there is no cache for children that are started so; empty if there may be one.
     *
     * @param main what follows the options: a class, {@code -jar} and a file, a module or a source file
     */
    static Optional<String> whyNone(List<String> options, List<String> main, String classPath) {
        var option = options.stream().filter(FORBIDS.asMatchPredicate()).findFirst();
        if (option.isPresent()) {
            return Optional.of("it is started with " + option.get());
        }
        if (!System.getProperty("java.vm.name", "").matches(".*(HotSpot|OpenJDK).*")) {
            return Optional.of("the JVM is " + System.getProperty("java.vm.name"));
        }
        if (main.isEmpty() || main.getFirst().equals("-m") || main.getFirst().endsWith(".java")) {
            return Optional.of("it is started as a module or a source file, and not from a class path");
        }
        if (!ClassLoader.getSystemClassLoader().equals(AotKey.class.getClassLoader())) {
            return Optional.of("Shunt is not on the class path itself, but in a jar of jars");
        }
        return parts(classPath)
                .filter(part -> !Files.isRegularFile(part) && Files.exists(part))
                .findFirst()
                .map(part -> part + " of the class path is not a jar");
    }

    /** For {@link #whyNone none} of which there is a reason. */
    static AotKey of(List<String> options, List<String> main, String classPath) throws IOException {
        var words = new ArrayList<String>();
        Stream.of("java.runtime.version", "java.vm.version", "java.vendor", "java.vm.name", "os.arch", "java.home")
                .map(System::getProperty)
                .forEach(words::add);
        words.add(fingerprint(MODULES));
        options.stream().filter(MATTERS.asMatchPredicate()).forEach(words::add);
        words.addAll(main.subList(0, main.getFirst().equals("-jar") ? 2 : 1));
        for (var part : parts(classPath).toList()) {
            words.add(fingerprint(part));
        }
        for (var part : namedInManifest(classPath)) {
            words.add(fingerprint(part));
        }
        return new AotKey(digest(words));
    }

    private static Stream<Path> parts(String classPath) {
        return Stream.of(classPath.split(File.pathSeparator, -1))
                .filter(part -> !part.isEmpty())
                .map(Path::of);
    }

    /** Of an executable jar, which is the whole class path. */
    private static List<Path> namedInManifest(String classPath) throws IOException {
        var jar = Path.of(classPath.isEmpty() ? "." : classPath);
        if (classPath.contains(File.pathSeparator) || !Files.isRegularFile(jar)) {
            return List.of();
        }
        try (var file = new JarFile(jar.toFile())) {
            var manifest = Optional.ofNullable(file.getManifest());
            return manifest.map(all -> all.getMainAttributes().getValue(Attributes.Name.CLASS_PATH)).stream()
                    .flatMap(names -> Stream.of(names.strip().split("\\s+")))
                    .map(jar::resolveSibling)
                    .toList();
        }
    }

    private static String fingerprint(Path file) throws IOException {
        return Files.exists(file)
                ? file.toAbsolutePath() + " " + Files.size(file) + " "
                        + Files.getLastModifiedTime(file).toMillis()
                : file.toAbsolutePath() + " -";
    }

    /** Nobody chooses these words to deceive, and the JVM itself compares jars with what its cache says of them. */
    private static String digest(List<String> words) {
        long hash = 0;
        for (char c : String.join("\0", words).toCharArray()) {
            hash = hash * PRIME + c;
        }
        return HexFormat.of().toHexDigits(hash);
    }
}
