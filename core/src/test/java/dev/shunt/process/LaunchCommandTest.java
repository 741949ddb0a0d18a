package dev.shunt.process;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A real JVM in each way to start one, which starts itself again and prints what arrived there. */
@Tag("processes")
class LaunchCommandTest {

    private static final String JAVA =
            Path.of(System.getProperty("java.home"), "bin", "java").toString();
    private static final String[] STRANGE = {"two words", "", "two\nlines", "-cp", "@file", "it's \"quoted\" \\ $HOME ü"
    };
    private static final String STRANGE_ARRIVED =
            "arguments: [<two words>, <>, <two\nlines>, <-cp>, <@file>, <it's \"quoted\" \\ $HOME ü>]";

    @TempDir
    static Path directory;

    /** Shunt with its test classes, as one jar without a module descriptor. */
    private static Path jar;

    private static String libraries;

    @BeforeAll
    static void pack() throws IOException {
        jar = directory.resolve("relaunch.jar");
        var manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes().put(Attributes.Name.MAIN_CLASS, Relaunch.class.getName());
        manifest.getMainAttributes().putValue("Automatic-Module-Name", "relaunch");
        var parts = Stream.of(System.getProperty("java.class.path").split(File.pathSeparator, -1))
                .distinct()
                .toList();
        libraries = String.join(
                File.pathSeparator,
                parts.stream()
                        .filter(part -> part.contains("slf4j") || part.contains("jspecify"))
                        .toList());
        var jars = Stream.of(libraries.split(File.pathSeparator, -1))
                .map(part -> Path.of(part).toUri().toString())
                .toList();
        manifest.getMainAttributes().put(Attributes.Name.CLASS_PATH, String.join(" ", jars));
        try (var out = new JarOutputStream(Files.newOutputStream(jar), manifest)) {
            for (var part : parts) {
                addClasses(Path.of(part), out);
            }
        }
    }

    @Test
    void classPath() throws Exception {
        var output = run(
                Map.of(),
                "-cp",
                jar + File.pathSeparator + libraries,
                "-Xmx99m",
                "-XX:+UseParallelGC",
                "-ea",
                "-Da=b c",
                "-Dboth=parent",
                "--add-opens",
                "java.base/java.lang=ALL-UNNAMED",
                Relaunch.class.getName());
        assertThat(output)
                .contains(STRANGE_ARRIVED)
                .contains(
                        "options: [-ea, -Da=b c, -Dboth=parent, --add-opens=java.base/java.lang=ALL-UNNAMED, -Dsecond=yes, -Dboth=child]")
                .contains("class path: " + jar + File.pathSeparator + libraries)
                .contains("both: child");
    }

    @Test
    void jar() throws Exception {
        assertThat(run(Map.of(), "-Da=1", "-jar", jar.toString()))
                .contains(STRANGE_ARRIVED)
                .contains("options: [-Da=1, -Dsecond=yes, -Dboth=child]")
                .contains("class path: " + jar);
    }

    @Test
    void automaticModule() throws Exception {
        assertThat(run(
                        Map.of(),
                        "-p",
                        jar + File.pathSeparator + libraries,
                        "--add-modules=ALL-MODULE-PATH,java.management",
                        "-m",
                        "relaunch/" + Relaunch.class.getName()))
                .contains(STRANGE_ARRIVED)
                .contains("main module: relaunch");
    }

    @Test
    void sourceFile_compactAndWithClassPath() throws Exception {
        assertThat(run(
                        Map.of(),
                        "--class-path",
                        jar + File.pathSeparator + libraries,
                        "--source",
                        "25",
                        "-Xmx99m",
                        source().toString()))
                .contains(STRANGE_ARRIVED)
                .contains("-Dsecond=yes")
                .doesNotContain("-Xmx99m");
    }

    @Test
    void argumentFile() throws Exception {
        var file = Files.writeString(
                directory.resolve("arguments"),
                "-Xmx99m \"-Da=b c\" -cp \"" + jar + File.pathSeparator + libraries + "\" " + Relaunch.class.getName()
                        + " 'from the file'");
        assertThat(run(Map.of(), "@" + file))
                .contains("arguments: [<from the file>, <two words>, <>, <two\nlines>")
                .contains("options: [-Da=b c, -Dsecond=yes");
    }

    @Test
    void optionsOfVariables_arriveOnce_silently_andNotThoseOfOneProcess() throws Exception {
        var output = run(
                Map.of(
                        "JAVA_TOOL_OPTIONS", "-Da='b c' -XX:+UseG1GC",
                        "JDK_JAVA_OPTIONS", "-Dd=e --add-opens java.base/java.lang=ALL-UNNAMED",
                        "_JAVA_OPTIONS", "-Df=g -Xmx77m"),
                "-jar",
                jar.toString());
        assertThat(output)
                .contains(STRANGE_ARRIVED)
                .contains(
                        "options: [-Da=b c, -Dd=e, --add-opens=java.base/java.lang=ALL-UNNAMED, -Df=g, -Dsecond=yes, -Dboth=child]");
        // Once each: by the first JVM, which had them in its environment.
        assertThat(output.split("Picked up", -1)).hasSize(4);
    }

    /** Not called java: as if a native program had made the JVM. Arguments with spaces are lost, the rest is not. */
    @Test
    void otherLauncher_fallsBackToProperties() throws Exception {
        var home = Files.createDirectory(directory.resolve("home"));
        var bin = Files.createDirectory(home.resolve("bin"));
        Files.createSymbolicLink(home.resolve("lib"), Path.of(System.getProperty("java.home"), "lib"));
        Files.createSymbolicLink(home.resolve("conf"), Path.of(System.getProperty("java.home"), "conf"));
        Files.copy(Path.of(JAVA), bin.resolve("java"));
        var launcher = Files.copy(Path.of(JAVA), bin.resolve("launcher")).toString();
        assertThat(output(Map.of(), List.of(launcher, "-Xmx99m", "-Da=b c", "-jar", jar.toString(), "x", "y z")))
                .contains("arguments: [<x>, <y>, <z>]")
                .contains("options: [-Da=b c, -Dsecond=yes, -Dboth=child]")
                .contains("class path: " + jar);
        assertThat(output(
                        Map.of(),
                        List.of(launcher, "-cp", jar + File.pathSeparator + libraries, Relaunch.class.getName(), "x")))
                .contains("arguments: [<x>]")
                .contains("class path: " + jar + File.pathSeparator + libraries);
        assertThat(output(
                        Map.of(),
                        List.of(launcher, "-cp", jar + File.pathSeparator + libraries, source().toString(), "x")))
                .contains("arguments: [<x>]");
        Files.delete(home.resolve("lib"));
        Files.delete(home.resolve("conf"));
    }

    @Test
    void mainClass_ofATest() throws Exception {
        var file = directory.resolve("of-a-test");
        var command = LaunchCommand.ofMainClass(Relaunch.class, STRANGE).through(file, List.of("-Dsecond=yes"));
        assertThat(output(Map.of(), command))
                .contains(STRANGE_ARRIVED)
                .contains("class path: " + System.getProperty("java.class.path"));
        var byName = directory.resolve("by-name");
        LaunchCommand.ofMainClass(Relaunch.class.getName(), STRANGE).through(byName, List.of("-Dsecond=yes"));
        assertThat(byName).hasSameTextualContentAs(file);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
    }

    @Test
    void commandLine_showsNothingToOtherUsers() throws Exception {
        var file = Files.writeString(directory.resolve("secrets"), "-Dfile=secret1\n");
        var output = run(
                Map.of("JAVA_TOOL_OPTIONS", "-Dtool=secret2", "JDK_JAVA_OPTIONS", "-Djdk=secret3"),
                "@" + file,
                "-jar",
                jar.toString(),
                "secret4");
        assertThat(output).contains("-Dfile=secret1", "-Dtool=secret2", "-Djdk=secret3", "<secret4>");
        assertThat(output.lines().filter(line -> line.startsWith("command line: ")))
                .hasSize(1)
                .allSatisfy(line -> assertThat(line).doesNotContain("secret"));
    }

    @Test
    void classPathLongerThanACommandLineMayBe_arrives() throws Exception {
        var classPath = new StringBuilder(jar + File.pathSeparator + libraries);
        for (int i = 0; classPath.length() < 150_000; i++) {
            classPath
                    .append(File.pathSeparator)
                    .append("/nowhere/a \\ b/library-")
                    .append(i)
                    .append(".jar");
        }
        var file = Files.writeString(
                directory.resolve("long"),
                ArgumentFile.of(List.of("-cp", classPath.toString(), Relaunch.class.getName())));
        assertThat(run(Map.of(), "@" + file)).contains(STRANGE_ARRIVED).contains("class path: " + classPath);
    }

    /** What cannot be decoded arrives as it was given, and so is the same for the manager's main and the child's. */
    @ParameterizedTest
    @ValueSource(strings = {"POSIX", "C.UTF-8"})
    void argumentsOfAnyLocale_areTheSameInBoth(String locale) throws Exception {
        var command = "exec \"$@\" \"$(printf 'Caf\\303\\251')\" \"$(printf '\\377')\"";
        var output =
                output(Map.of("LC_ALL", locale), List.of("bash", "-c", command, "bash", JAVA, "-jar", jar.toString()));
        var given = output.lines()
                .filter(line -> line.startsWith("given: "))
                .findFirst()
                .orElseThrow();
        var arrived = output.lines()
                .filter(line -> line.startsWith("again: "))
                .findFirst()
                .orElseThrow();
        assertThat(arrived.substring(7)).isEqualTo(given.substring(7));
        assertThat(output).contains("bytes: 436166c3a9 ff");
    }

    private static Path source() throws IOException {
        return Files.writeString(directory.resolve("Program.java"), """
                void main(String[] args) throws Exception {
                    System.exit(dev.shunt.process.Relaunch.run(args));
                }
                """);
    }

    private static String run(Map<String, String> environment, String... options) throws Exception {
        var command = new ArrayList<String>();
        command.add(JAVA);
        command.addAll(List.of(options));
        command.addAll(List.of(STRANGE));
        return output(environment, command);
    }

    private static String output(Map<String, String> environment, List<String> command) throws Exception {
        var builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().keySet().removeAll(InheritedOptions.VARIABLES);
        builder.environment().put("LC_ALL", "C.UTF-8");
        builder.environment().putAll(environment);
        var process = builder.start();
        process.getOutputStream().close();
        var output = new String(process.getInputStream().readAllBytes(), UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
        return output;
    }

    private static void addClasses(Path part, JarOutputStream out) throws IOException {
        if (Files.isDirectory(part)) {
            try (var files = Files.walk(part)) {
                files.filter(file -> file.toString().endsWith(".class") && !file.endsWith("module-info.class"))
                        .forEach(file -> add(part, file, out));
            }
        }
    }

    private static void add(Path part, Path file, JarOutputStream out) {
        try {
            out.putNextEntry(new JarEntry(part.relativize(file).toString()));
            Files.copy(file, out);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
