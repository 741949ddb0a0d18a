package dev.shunt.tests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shunt.testing.Launch;
import dev.shunt.testing.Program;
import dev.shunt.testing.Programs;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.jar.Attributes.Name;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.spi.ToolProvider;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** A program of its own, compiled against the library's jars alone: as a module, and as Spring Boot's executable jar. */
@Tag("processes")
class PackagedTest {

    private static final List<String> LIBRARIES =
            List.of("netty-", "jackson-", "slf4j-api-", "jspecify-", "cron-utils-", "HdrHistogram-", "sqlite-jdbc-");

    private static final String PROGRAM = """
            package app;

            import dev.shunt.pool.TaskPool;
            import dev.shunt.server.Server;

            public class Main {
                public record Mail(String to) {}

                public static class Child {
                    public static void main(String[] args) {
                        Main.main(args);
                    }
                }

                static void pool(boolean childMain) {
                    var builder = TaskPool.builder()
                            .slots(1)
                            .answer(Mail.class, mail -> mail.to() + " in " + ProcessHandle.current().pid());
                    if (childMain) {
                        builder.childMain(Child.class);
                    }
                    try (var pool = builder.start()) {
                        System.out.println(pool.submit(new Mail("ann")).await());
                    } catch (InterruptedException e) {
                        throw new IllegalStateException(e);
                    }
                }

                public static void main(String... args) {
                    if (args.length > 0 && args[0].equals("pool")) {
                        pool(args.length == 2);
                        return;
                    }
                    var server = new Server("127.0.0.1", 0);
                    server.set(settings -> settings.taskWorkerNum(1));
                    if (args.length == 1) {
                        server.set(settings -> settings.childMain(Child.class));
                    }
                    server.onReceive((connection, data) -> {});
                    server.answer(Mail.class, (mail, task) -> mail.to() + " in " + ProcessHandle.current().pid());
                    server.onStart(() -> server.submit(new Mail("ann")).result().thenAccept(result -> {
                        System.out.println(result);
                        server.shutdown();
                    }));
                    server.start();
                }
            }
            """;

    @RegisterExtension
    static final Programs programs = new Programs();

    @TempDir
    static Path directory;

    private static Path library;

    @BeforeAll
    static void pack() throws IOException {
        library = Files.createDirectory(directory.resolve("library"));
        for (var path : classPath().toList()) {
            if (Files.isRegularFile(path)) {
                Files.copy(path, library.resolve(path.getFileName()));
            } else {
                String name = path.resolve("dev/shunt/sqlite").toFile().exists() ? "shunt-sqlite.jar" : "shunt.jar";
                jar(library.resolve(name), path, new Manifest());
            }
        }
    }

    @Test
    void aModuleThatRequiresTheLibrary_hasAllThatThatNeeds() throws IOException {
        var module =
                compiled("opened", "module app { requires dev.shunt.sqlite; opens app to tools.jackson.databind; }");
        assertRuns(onModulePath(module, library));
    }

    @Test
    void aModuleThatOpensNothing_isToldWhatToSay() throws IOException {
        var module = compiled("closed", "module app { requires dev.shunt; }");
        assertThat(failure(onModulePath(module, library)))
                .contains("cannot encode a app.Main$Mail")
                .contains("module app does not open its package app")
                .contains("'opens app to tools.jackson.databind;'");
    }

    @Test
    void aModulePathWithoutALibrary_isNamedByTheJvm() throws IOException {
        var module = compiled("lacking", "module app { requires dev.shunt; }");
        var lacking = Files.createDirectory(directory.resolve("lacking-library"));
        try (var jars = Files.list(library)) {
            for (var jar :
                    jars.filter(path -> !path.toString().contains("slf4j")).toList()) {
                Files.copy(jar, lacking.resolve(jar.getFileName()));
            }
        }
        assertThat(failure(onModulePath(module, lacking)))
                .contains("Module org.slf4j not found, required by dev.shunt");
    }

    /** What a program needs of the JDK, as {@code docs/deploy.md} has it. */
    private static final String JDK_MODULES =
            "java.base,java.logging,java.management,java.naming,java.sql,jdk.jfr,jdk.unsupported";

    @Test
    void aRuntimeOfItsOwn_madeByJlink_isThatOfItsChildrenAsWell() throws Exception {
        var runtime = directory.resolve("runtime");
        var jlink = ToolProvider.findFirst("jlink").orElseThrow();
        assertThat(jlink.run(
                        System.out,
                        System.err,
                        "--add-modules",
                        JDK_MODULES,
                        "--no-header-files",
                        "--no-man-pages",
                        "--output",
                        runtime.toString()))
                .isZero();

        var output = directory.resolve("linked.txt");
        var program = new ProcessBuilder(
                        runtime.resolve("bin/java").toString(),
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        compiled("linked") + File.pathSeparator + library + "/*",
                        "app.Main")
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        try {
            assertThat(program.waitFor(120, TimeUnit.SECONDS))
                    .as("it has ended")
                    .isTrue();
        } finally {
            program.destroy();
        }
        assertThat(Files.readString(output))
                .containsPattern("Done\\[.*ann in \\d+,")
                .doesNotContain("ERROR", "Exception");
        assertThat(program.exitValue()).isZero();
    }

    @Test
    void springBootsJar_itsChildrenRunMain() throws IOException {
        assertRuns(Launch.java("-jar", springBootJar("main.jar")));
    }

    @Test
    void springBootsJar_itsChildrenRunAnotherClassOfIt() throws IOException {
        assertRuns(Launch.java("-jar", springBootJar("other.jar"), "childMain"));
    }

    @Test
    void aPoolOfAModule_itsChildrenRunMain() throws IOException {
        var module = compiled("pooled", "module app { requires dev.shunt; opens app to tools.jackson.databind; }");
        assertRuns(onModulePath(module, library).withArguments("pool"));
    }

    @Test
    void aPoolInSpringBootsJar_itsChildrenRunAnotherClass_withTheArgumentsOfTheProgram() throws IOException {
        assertRuns(Launch.java("-jar", springBootJar("pool.jar"), "pool", "childMain"));
    }

    @Test
    void aPoolOfAnExecutableJar_itsChildrenRunMain() throws IOException {
        var manifest = new Manifest();
        manifest.getMainAttributes().put(Name.MAIN_CLASS, "app.Main");
        manifest.getMainAttributes().put(Name.CLASS_PATH, String.join(" ", libraries()));
        var jar = directory.resolve("executable.jar");
        jar(jar, compiled("classes-of-executable"), manifest);
        assertRuns(Launch.java("-jar", jar, "pool"));
    }

    @Test
    void aPoolOfASourceFile_itsChildrenRunMain() throws IOException {
        var source = Files.writeString(
                Files.createDirectories(directory.resolve("source").resolve("app"))
                        .resolve("Main.java"),
                PROGRAM);
        assertRuns(Launch.java("-cp", library + "/*", source, "pool"));
    }

    /** An image without the JDK's own libraries of classes that nobody needs, as containers have one. */
    @Test
    void aPoolInAnImageOfTheJdk_itsChildrenRunInThatImage() throws IOException {
        var image = directory.resolve("image");
        var jlink = ToolProvider.findFirst("jlink").orElseThrow();
        int linked = jlink.run(
                System.out,
                System.err,
                "--add-modules",
                "java.management,java.desktop,java.naming,java.sql,jdk.unsupported",
                "--output",
                image.toString());
        assertThat(linked).isZero();
        assertRuns(Launch.java("-cp", compiled("of-image") + File.pathSeparator + library + "/*", "app.Main", "pool")
                .withJava(image.resolve("bin").resolve("java")));
    }

    @Test
    void aChildMainThatNoOtherJvmFinds_isNamedWithWhereItIs() throws IOException {
        var source = Files.writeString(
                Files.createDirectory(directory.resolve("app")).resolve("Main.java"), PROGRAM);
        assertThat(failure(Launch.java("-cp", library + "/*", source, "childMain")))
                .contains("childMain app.Main$Child cannot be the main of a child")
                .contains("leave childMain out")
                .contains("inProcess(true)");
    }

    private static List<String> libraries() throws IOException {
        try (var jars = Files.list(library)) {
            return jars.map(jar -> "library/" + jar.getFileName()).toList();
        }
    }

    private static void assertRuns(Launch launch) {
        var program = programs.start(launch);
        var answer = program.awaitLine("Done\\[.*ann in (\\d+),");
        assertThat(Long.parseLong(answer.group(1))).isNotEqualTo(program.pid());
        assertThat(program.exitCode()).isZero();
        assertThat(program.complaints()).allMatch(line -> line.startsWith("SLF4J"));
    }

    private static String failure(Launch launch) {
        Program program = programs.start(launch);
        assertThat(program.exitCode()).isEqualTo(1);
        return String.join("\n", program.lines()) + String.join("\n", program.errors());
    }

    private static Launch onModulePath(Path module, Path libraries) {
        return Launch.java("-p", module + File.pathSeparator + libraries, "-m", "app/app.Main")
                .withoutOptions()
                .withOptions("--enable-native-access=io.netty.common");
    }

    private static Path compiled(String name, String... moduleInfo) throws IOException {
        var sources = Files.createDirectories(directory.resolve(name + "-sources"));
        var main = Files.writeString(sources.resolve("Main.java"), PROGRAM);
        var classes = directory.resolve(name);
        var arguments = Stream.<Object>builder().add("-d").add(classes);
        if (moduleInfo.length == 0) {
            try (var jars = Files.list(library)) {
                arguments.add("-cp").add(jars.map(Path::toString).collect(Collectors.joining(File.pathSeparator)));
            }
        } else {
            arguments.add("-p").add(library);
            arguments.add(Files.writeString(sources.resolve("module-info.java"), moduleInfo[0]));
        }
        var javac = ToolProvider.findFirst("javac").orElseThrow();
        String[] words = arguments.add(main).build().map(String::valueOf).toArray(String[]::new);
        assertThat(javac.run(System.out, System.err, words)).isZero();
        return classes;
    }

    /** As {@code spring-boot-maven-plugin} makes it: the loader's classes, and in it the program's and jars, not compressed. */
    private static Path springBootJar(String name) throws IOException {
        var classes = compiled("classes-of-" + name);
        var manifest = new Manifest();
        manifest.getMainAttributes().put(Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes().put(Name.MAIN_CLASS, "org.springframework.boot.loader.launch.JarLauncher");
        manifest.getMainAttributes().putValue("Start-Class", "app.Main");
        manifest.getMainAttributes().putValue("Spring-Boot-Classes", "BOOT-INF/classes/");
        manifest.getMainAttributes().putValue("Spring-Boot-Lib", "BOOT-INF/lib/");
        manifest.getMainAttributes().putValue("Enable-Native-Access", "ALL-UNNAMED");
        var jar = directory.resolve(name);
        try (var out = new JarOutputStream(Files.newOutputStream(jar), manifest);
                var loader = new JarFile(springBootLoader().toFile());
                var libraries = Files.list(library)) {
            for (var entry :
                    loader.stream().filter(e -> e.getName().endsWith(".class")).toList()) {
                add(entry.getName(), loader.getInputStream(entry).readAllBytes(), out);
            }
            add("BOOT-INF/", new byte[0], out);
            add("BOOT-INF/classes/", new byte[0], out);
            addAll("BOOT-INF/classes/", classes, out);
            add("BOOT-INF/lib/", new byte[0], out);
            for (var each : libraries.toList()) {
                add("BOOT-INF/lib/" + each.getFileName(), Files.readAllBytes(each), out);
            }
        }
        return jar;
    }

    private static void jar(Path jar, Path classes, Manifest manifest) throws IOException {
        manifest.getMainAttributes().put(Name.MANIFEST_VERSION, "1.0");
        try (var out = new JarOutputStream(Files.newOutputStream(jar), manifest)) {
            addAll("", classes, out);
        }
    }

    private static void addAll(String prefix, Path classes, JarOutputStream out) throws IOException {
        try (var files = Files.walk(classes)) {
            for (var file : files.filter(Files::isRegularFile).toList()) {
                String name = classes.relativize(file).toString().replace(File.separatorChar, '/');
                if (!name.equals(JarFile.MANIFEST_NAME)) {
                    add(prefix + name, Files.readAllBytes(file), out);
                }
            }
        }
    }

    private static void add(String name, byte[] bytes, JarOutputStream out) throws IOException {
        var entry = new ZipEntry(name);
        var sum = new CRC32();
        sum.update(bytes);
        entry.setMethod(ZipEntry.STORED);
        entry.setSize(bytes.length);
        entry.setCrc(sum.getValue());
        out.putNextEntry(entry);
        out.write(bytes);
        out.closeEntry();
    }

    private static Path springBootLoader() {
        return wholeClassPath()
                .filter(path -> path.getFileName().toString().startsWith("spring-boot-loader-"))
                .findFirst()
                .orElseThrow();
    }

    private static Stream<Path> classPath() {
        return wholeClassPath()
                .filter(path -> path.getFileName().toString().matches("shunt-(sqlite-)?\\d.*\\.jar")
                        || LIBRARIES.stream().anyMatch(path.getFileName().toString()::startsWith)
                        || Files.exists(path.resolve("dev/shunt/engine/Engine.class"))
                        || Files.exists(path.resolve("dev/shunt/sqlite/SqliteTaskLog.class")));
    }

    private static Stream<Path> wholeClassPath() {
        return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator, -1))
                .map(Path::of);
    }
}
