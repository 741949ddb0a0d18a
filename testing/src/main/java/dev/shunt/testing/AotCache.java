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
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * The JDK's AOT cache of the jars on this class path: a program that starts with it needs a third of the processor time
 * until it serves. Made by one run of {@link AotTraining}, kept in the directory that the system property {@value
 * #DIRECTORY} names, and used by every test JVM with the same jars; one of them makes it, the others wait. Without the
 * property, or where it cannot be made, programs start without.
 */
record AotCache(Path file, String jars) {

    static final String DIRECTORY = "shunt.testing.aotCaches";

    private static final String SUFFIX = ".aot";

    /** Here because the JVM initializes a class once, and makes others wait. */
    private static final class Made {

        private static final Optional<AotCache> CACHE =
                Optional.ofNullable(System.getProperty(DIRECTORY)).flatMap(directory -> in(Path.of(directory)));
    }

    /** This JVM's; the first call may take as long as some starts of a program. */
    static Optional<AotCache> ofThisClassPath() {
        return Made.CACHE;
    }

    /** Profiles of methods are left out, and the archive is not moved, as decision 0012 says why. */
    List<String> options() {
        return List.of("-XX:+UnlockDiagnosticVMOptions", "-XX:ArchiveRelocationMode=0", "-XX:AOTCache=" + file);
    }

    /** The cache's jars come first, for the JVM takes a cache only if the class path begins with what it was made of. */
    String classPath() {
        var all = Stream.concat(Stream.of(jars), parts().filter(part -> !isJar(part)));
        return String.join(File.pathSeparator, all.toList());
    }

    private static Optional<AotCache> in(Path directory) {
        var jars = parts().filter(AotCache::isJar).toList();
        var jdk = Path.of(System.getProperty("java.home"), "lib", "modules");
        if (jars.stream().noneMatch(jar -> jar.contains("shunt-testing"))) {
            return Optional.empty(); // of directories there is no cache
        }
        try {
            var cache = new AotCache(
                    directory
                            .resolve(Long.toHexString(fingerprint(jdk, jars)) + SUFFIX)
                            .toAbsolutePath(),
                    String.join(File.pathSeparator, jars));
            Files.createDirectories(directory);
            try (var lock = FileChannel.open(
                            directory.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                    var _ = lock.lock()) {
                return cache.isMade() || cache.make() ? Optional.of(cache) : Optional.empty();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private boolean isMade() {
        return Files.exists(file);
    }

    /** Whether it succeeded. What an older class path had is removed first. */
    private boolean make() throws IOException {
        try (var old = Files.newDirectoryStream(Objects.requireNonNull(file.getParent()), "*" + SUFFIX + "*")) {
            for (var path : old) {
                Files.delete(path);
            }
        }
        var made = file.resolveSibling(file.getFileName() + ".new");
        var log = file.resolveSibling("training.log");
        var builder = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--enable-native-access=ALL-UNNAMED",
                        "-XX:+UnlockDiagnosticVMOptions",
                        "-XX:-AOTRecordTraining",
                        "-XX:TieredStopAtLevel=1",
                        "-XX:AOTCacheOutput=" + made,
                        "-cp",
                        jars,
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

    /**
     * Of the JDK and the jars; the JVM refuses a cache, and says so on standard output, if one has another time or
     * size.
     */
    private static long fingerprint(Path jdk, List<String> jars) throws IOException {
        long hash = 0;
        for (var jar :
                Stream.concat(Stream.of(jdk), jars.stream().map(Path::of)).toList()) {
            hash = 31 * hash + jar.toString().hashCode();
            hash = 31 * hash + Files.getLastModifiedTime(jar).toMillis();
            hash = 31 * hash + Files.size(jar);
        }
        return hash;
    }

    private static Stream<String> parts() {
        return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator, -1));
    }

    private static boolean isJar(String part) {
        return part.endsWith(".jar");
    }
}
