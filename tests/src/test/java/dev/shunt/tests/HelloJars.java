package dev.shunt.tests;

import dev.shunt.tests.programs.Hello;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.Attributes.Name;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;

/** {@link Hello} and what it needs, as jars that are made in a directory. */
record HelloJars(Path directory) {

    /** What the library needs; not what only tests need. */
    private static final List<String> LIBRARIES =
            List.of("netty-", "jackson-", "slf4j-", "logback-", "jspecify-", "cron-utils-", "HdrHistogram-");

    /** The classes and resources of these tests. */
    static Path classes() {
        var location = Hello.class.getProtectionDomain().getCodeSource().getLocation();
        return Path.of(URI.create(location.toString()));
    }

    static Stream<Path> libraries() {
        return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator, -1))
                .map(Path::of)
                .filter(path -> isShunt(path)
                        || LIBRARIES.stream().anyMatch(path.getFileName().toString()::startsWith));
    }

    /** A directory with nothing but jars: the library, what it needs, and the program. */
    Path jars() throws IOException {
        var jars = Files.createDirectory(directory.resolve("jars"));
        for (var library : libraries().toList()) {
            if (Files.isDirectory(library)) {
                jar(jars.resolve("shunt.jar"), library, ".*", new Manifest());
            } else {
                Files.copy(library, jars.resolve(library.getFileName()));
            }
        }
        Files.move(jar(new Manifest()), jars.resolve("hello.jar"));
        return jars;
    }

    String classPath() throws IOException {
        try (var jars = Files.list(jars())) {
            return jars.map(Path::toString).sorted().collect(Collectors.joining(File.pathSeparator));
        }
    }

    /** Whether it is the library itself, as a jar or as a directory of classes. */
    private static boolean isShunt(Path path) {
        return path.getFileName().toString().matches("shunt-\\d.*\\.jar")
                || Files.exists(path.resolve("dev/shunt/engine/Engine.class"));
    }

    Path jar(Manifest manifest) throws IOException {
        String names = "(dev/shunt/tests/programs/(Hello|LogSetUp)|META-INF/services/).*";
        return jar(directory.resolve("hello.jar"), classes(), names, manifest);
    }

    private static Path jar(Path jar, Path classes, String names, Manifest manifest) throws IOException {
        manifest.getMainAttributes().putIfAbsent(Name.MANIFEST_VERSION, "1.0");
        try (var out = new JarOutputStream(Files.newOutputStream(jar), manifest);
                var files = Files.walk(classes)) {
            for (var file : files.filter(Files::isRegularFile).toList()) {
                String name = classes.relativize(file).toString().replace(File.separatorChar, '/');
                if (name.matches(names) && !name.equals("META-INF/MANIFEST.MF")) {
                    out.putNextEntry(new ZipEntry(name));
                    Files.copy(file, out);
                }
            }
        }
        return jar;
    }
}
