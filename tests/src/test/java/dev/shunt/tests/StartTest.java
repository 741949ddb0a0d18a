package dev.shunt.tests;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.shunt.testing.Launch;
import dev.shunt.testing.LineClient;
import dev.shunt.testing.Program;
import dev.shunt.testing.Programs;
import dev.shunt.tests.programs.Hello;
import dev.shunt.tests.programs.Surroundings;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;
import java.util.jar.Attributes.Name;
import java.util.jar.Manifest;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The ways to start a Java program: each starts its children the same way, and neither JVM has anything to say. */
@Tag("processes")
class StartTest {

    private static final String SOURCE = """
            import dev.shunt.server.Server;

            void main() {
                var server = new Server("127.0.0.1", 0);
                server.set(settings -> settings.taskWorkerNum(2));
                server.onReceive((connection, data) -> server.task(data, result -> connection.send(result + "\\n")));
                server.onTask(task -> "hello from " + ProcessHandle.current().pid());
                server.onStart(() -> IO.println("listening on " + server.endpoint().hostAndPort()));
                server.start();
            }
            """;

    @RegisterExtension
    static final Programs programs = new Programs();

    @TempDir
    Path directory;

    @Test
    void startedFromAClassPath() {
        assertRuns(Launch.of(Hello.class));
    }

    @Test
    void startedFromAJar_whoseManifestEnablesNativeAccess_withoutAnyOption() throws IOException {
        var manifest = new Manifest();
        var attributes = manifest.getMainAttributes();
        attributes.put(Name.MANIFEST_VERSION, "1.0");
        attributes.put(Name.MAIN_CLASS, Hello.class.getName());
        attributes.put(new Name("Enable-Native-Access"), "ALL-UNNAMED");
        attributes.put(
                Name.CLASS_PATH,
                HelloJars.libraries().map(path -> path.toUri().toString()).collect(Collectors.joining(" ")));
        assertRuns(Launch.java("-jar", hello().jar(manifest)).withoutOptions());
    }

    @Test
    void startedFromAModulePath() throws IOException {
        var modules = hello().jars();
        assertRuns(
                Launch.java("-p", modules, "--add-modules", "ALL-MODULE-PATH", "-m", "hello/" + Hello.class.getName())
                        .withoutOptions()
                        .withOptions("--enable-native-access=io.netty.common"));
    }

    @Test
    void startedWithAnAotCache_itsChildrenUseItAsWell() throws IOException {
        String classPath = hello().classPath();
        var cache = directory.resolve("hello.aot");
        var training = programs.start(
                Launch.java("-cp", classPath, Hello.class.getName()).withOptions("-XX:AOTCacheOutput=" + cache));
        try (var client = new LineClient(training.port())) {
            assertThat(client.ask("who are you?")).startsWith("Done[");
        }
        assertThat(training.stop()).isZero();
        assertThat(cache).isNotEmptyFile();

        var launch = Launch.java("-cp", classPath, Hello.class.getName()).withOptions("-XX:AOTCache=" + cache);
        assertRuns(
                launch,
                program -> assertThat(program.children())
                        .allSatisfy(child -> assertThat(Path.of("/proc/" + child.pid() + "/maps"))
                                .content()
                                .contains(cache.toString())));
    }

    @Test
    void startedWithADamagedAotCache_runsWithoutIt() throws IOException {
        var cache = Files.writeString(directory.resolve("hello.aot"), "no cache");
        var program = programs.start(
                Launch.java("-cp", hello().classPath(), Hello.class.getName()).withOptions("-XX:AOTCache=" + cache));
        try (var client = new LineClient(program.port())) {
            assertThat(client.ask("who are you?")).startsWith("Done[");
        }
        assertThat(program.stop()).isZero();
    }

    @Test
    void startedFromASourceFile() throws IOException {
        var file = Files.writeString(directory.resolve("Greeter.java"), SOURCE);
        String classPath = Stream.concat(HelloJars.libraries(), Stream.of(HelloJars.classes()))
                .map(Path::toString)
                .collect(Collectors.joining(File.pathSeparator));
        assertRuns(Launch.java("-cp", classPath, file));
    }

    /** Everybody may read the command lines of all processes. */
    @Test
    void startedWithSecrets_inFilesAndVariables_itsChildrenDoNotShowThem() throws IOException {
        var file = Files.writeString(directory.resolve("secret"), "-Dfile=hush1\n");
        var program = programs.start(Launch.java("@" + file, "-cp", System.getProperty("java.class.path"))
                .withArguments(Surroundings.class.getName(), "hush4")
                .withEnvironment("JAVA_TOOL_OPTIONS", "-Dtool=hush2")
                .withEnvironment("JDK_JAVA_OPTIONS", "-Djdk=hush3"));
        try (var client = new LineClient(program.port())) {
            assertThat(client.ask("child file tool jdk")).isEqualTo("hush1 hush2 hush3 [hush4]");
            assertThat(program.children())
                    .isNotEmpty()
                    .allSatisfy(child -> assertThat(
                                    Files.readString(Path.of("/proc/" + child.pid() + "/cmdline"), ISO_8859_1))
                            .doesNotContain("hush"));
        }
        assertThat(program.stop()).isZero();
    }

    @Test
    void startedWithAClassPathLongerThanACommandLineMayBe() throws IOException {
        var classPath = new StringBuilder(System.getProperty("java.class.path"));
        for (int i = 0; classPath.length() < 150_000; i++) {
            classPath
                    .append(File.pathSeparator)
                    .append("/nowhere/library-")
                    .append(i)
                    .append(".jar");
        }
        var file = Files.writeString(directory.resolve("long"), "-cp \"" + classPath + "\"\n");
        assertRuns(Launch.java("@" + file, Hello.class.getName()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"POSIX", "C.UTF-8"})
    void startedWithAnyLocale_itsChildrenHaveTheSameArgumentsAndCharsets(String locale) {
        var program = programs.start(
                Launch.of(Surroundings.class, "Café", "naïve Ωmega").withEnvironment("LC_ALL", locale));
        try (var client = new LineClient(program.port())) {
            var names = " sun.jnu.encoding file.encoding native.encoding stdout.encoding stderr.encoding";
            assertThat(client.ask("child" + names)).isEqualTo(client.ask("manager" + names));
        }
        assertThat(program.stop()).isZero();
    }

    private HelloJars hello() {
        return new HelloJars(directory);
    }

    private static void assertRuns(Launch launch) {
        assertRuns(launch, _ -> {});
    }

    private static void assertRuns(Launch launch, Consumer<Program> alsoRunning) {
        var program = programs.start(launch);
        try (var client = new LineClient(program.port())) {
            alsoRunning.accept(program);
            var children = program.children().stream().map(ProcessHandle::pid).toList();
            assertThat(children).isNotEmpty();
            String answer = client.ask("who are you?");
            assertThat(answer).matches("Done\\[.*hello from \\d+, context=]");
            assertThat(children).contains(Long.valueOf(answer.replaceFirst(".*hello from (\\d+),.*", "$1")));
        }
        assertThat(program.stop()).isZero();
        assertThat(program.complaints()).isEmpty();
        assertThat(program.lines()).hasSize(1);
        assertThat(program.children()).isEmpty();
    }
}
