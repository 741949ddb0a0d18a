package dev.shunt.testing;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.jar.JarOutputStream;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;

/**
 * What programs under test need of the class path of this JVM.
 *
 * @param jars libraries, but for those that only tests use: a program opens each jar before a directory behind it
 * @param directories with the classes and resources of this build
 */
record ClassPath(List<Path> jars, List<Path> directories) {

    private static final Pattern ONLY_FOR_TESTS = Pattern.compile(
            "(junit|opentest4j|apiguardian-api|assertj|byte-buddy|awaitility|hamcrest|archunit|surefire|playwright"
                    + "|driver|driver-bundle|gson)-.*");

    ClassPath {
        jars = List.copyOf(jars);
        directories = List.copyOf(directories);
    }

    static ClassPath ofThisJvm() {
        var jars = new ArrayList<Path>();
        var directories = new ArrayList<Path>();
        Stream.of(System.getProperty("java.class.path").split(File.pathSeparator, -1))
                .map(Path::of)
                .forEach(part -> {
                    if (Files.isDirectory(part)) {
                        directories.add(part);
                    } else if (part.toString().endsWith(".jar") && !isOnlyForTests(part)) {
                        jars.add(part);
                    }
                });
        return new ClassPath(jars, directories);
    }

    private static boolean isOnlyForTests(Path jar) {
        return ONLY_FOR_TESTS.matcher(jar.getFileName().toString()).matches();
    }

    /** Changes with each file of the directories, and each jar. */
    long fingerprint() throws IOException {
        long hash = 0;
        for (var jar : jars) {
            hash = 31 * hash + fingerprint(jar);
        }
        for (var directory : directories) {
            for (var file : filesOf(directory)) {
                hash = 31 * hash + fingerprint(file);
            }
        }
        return hash;
    }

    static long fingerprint(Path file) throws IOException {
        long hash = file.toString().hashCode();
        hash = 31 * hash + Files.getLastModifiedTime(file).toMillis();
        return 31 * hash + Files.size(file);
    }

    /**
     * Makes a jar of all that is in the directories; what is in several, of the first. Folders have entries, too:
     * without them a class loader does not find a folder of resources.
     */
    void jarDirectories(Path jar) throws IOException {
        var names = new HashSet<String>();
        try (var out = new JarOutputStream(Files.newOutputStream(jar))) {
            for (var directory : directories) {
                for (var path : pathsIn(directory)) {
                    String name = entryName(directory, path);
                    if (names.add(name)) {
                        out.putNextEntry(new ZipEntry(name).setLastModifiedTime(FileTime.fromMillis(0)));
                        if (Files.isRegularFile(path)) {
                            Files.copy(path, out);
                        }
                    }
                }
            }
        }
    }

    private static String entryName(Path directory, Path path) {
        String name = directory.relativize(path).toString().replace(File.separatorChar, '/');
        return Files.isDirectory(path) ? name + "/" : name;
    }

    private static List<Path> filesOf(Path directory) throws IOException {
        return pathsIn(directory).stream().filter(Files::isRegularFile).toList();
    }

    private static List<Path> pathsIn(Path directory) throws IOException {
        try (var paths = Files.walk(directory)) {
            return paths.filter(path -> !path.equals(directory)).sorted().toList();
        }
    }
}
