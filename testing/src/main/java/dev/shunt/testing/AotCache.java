package dev.shunt.testing;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The JDK's AOT cache of this class path, whose directories become a jar for it: a program that starts with it needs a
 * third of the processor time until it serves. Made by one run of {@link AotTraining}, kept in the directory that the
 * system property {@value #DIRECTORY} names, and used by every test JVM with the same classes; one of them makes it, the
 * others wait. Without the property, or where it cannot be made, programs start without.
 */
record AotCache(Path file, String classPath) {

    static final String DIRECTORY = "shunt.testing.aotCaches";

    private static final String SUFFIX = ".aot";
    private static final String JAR = ".jar";

    /** The JVM refuses a cache, and says so on standard output, if this or a jar has another time or size. */
    private static final Path JDK = Path.of(System.getProperty("java.home"), "lib", "modules");

    /** Here because the JVM initializes a class once, and makes others wait. */
    private static final class Made {

        private static final Optional<AotCache> CACHE =
                Optional.ofNullable(System.getProperty(DIRECTORY)).flatMap(directory -> in(Path.of(directory)));
    }

    /** This JVM's; the first call may take as long as some starts of a program. */
    static Optional<AotCache> ofThisClassPath() {
        return Made.CACHE;
    }

    /**
     * Profiles of methods are left out, and the archive is not moved, as decision 0012 says why. A program that needs no
     * more than its start compiles less of it.
     */
    List<String> options() {
        return List.of(
                "-XX:+UnlockDiagnosticVMOptions",
                "-XX:ArchiveRelocationMode=0",
                "-XX:AOTCache=" + file,
                "-XX:CompileThresholdScaling=5");
    }

    private static Optional<AotCache> in(Path directory) {
        var parts = ClassPath.ofThisJvm();
        if (parts.jars().stream().noneMatch(jar -> jar.getFileName().toString().startsWith("shunt-testing"))) {
            return Optional.empty(); // of a build that has made no jars yet there is no cache
        }
        try {
            Files.createDirectories(directory);
            String name = Long.toHexString(31 * parts.fingerprint() + ClassPath.fingerprint(JDK));
            var classes = directory.resolve(name + JAR).toAbsolutePath();
            var cache = new AotCache(
                    directory.resolve(name + SUFFIX).toAbsolutePath(),
                    Stream.concat(Stream.of(classes), parts.jars().stream())
                            .map(Path::toString)
                            .collect(Collectors.joining(File.pathSeparator)));
            try (var lock = FileChannel.open(
                            directory.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                    var _ = lock.lock()) {
                if (cache.isMade()) {
                    return Optional.of(cache);
                }
                removeOld(directory);
                parts.jarDirectories(classes);
                return cache.make() ? Optional.of(cache) : Optional.empty();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What an older class path had. */
    private static void removeOld(Path directory) throws IOException {
        try (var old = Files.newDirectoryStream(directory, "*{" + SUFFIX + ',' + JAR + "}*")) {
            for (var path : old) {
                Files.delete(path);
            }
        }
    }

    private boolean isMade() {
        return Files.exists(file);
    }

    /** Whether it succeeded. */
    private boolean make() throws IOException {
        var made = file.resolveSibling(file.getFileName() + ".new");
        var log = file.resolveSibling("training.log");
        var builder = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--enable-native-access=ALL-UNNAMED",
                        "-XX:+UnlockDiagnosticVMOptions",
                        "-XX:-AOTRecordTraining",
                        "-XX:TieredStopAtLevel=1",
                        "-XX:AOTCacheOutput=" + made,
                        "-D" + DIRECTORY + '=' + file.getParent(),
                        "-cp",
                        classPath,
                        AotTraining.class.getName())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile());
        var training = builder.start();
        try {
            if (!training.waitFor(5, TimeUnit.MINUTES) || training.exitValue() != 0 || !Files.exists(made)) {
                training.destroyForcibly();
                System.err.println("no AOT cache for programs under test, see " + log);
                return false;
            }
        } catch (InterruptedException e) {
            training.destroyForcibly();
            Thread.currentThread().interrupt();
            return false;
        }
        Files.move(made, file, StandardCopyOption.ATOMIC_MOVE);
        return true;
    }
}
