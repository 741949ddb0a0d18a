package dev.shunt.tests;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.shunt.testing.Launch;
import dev.shunt.testing.LineClient;
import dev.shunt.testing.Program;
import dev.shunt.testing.Programs;
import dev.shunt.tests.programs.Hello;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** The AOT cache of children, as it comes: made in the background, used from the next start of a child on, or not trusted. */
@Tag("processes")
@Timeout(600)
class AotCacheTest {

    /** Made with low priority, by three JVMs. */
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    private static final int DAMAGE = 3 << 20;

    @RegisterExtension
    static final Programs programs = new Programs();

    @TempDir
    static Path shared;

    @TempDir
    Path directory;

    private static String classPath = "";
    private static Path home = Path.of("");

    /** Two programs that miss the same one at once. */
    @BeforeAll
    static void make() throws IOException {
        classPath = new HelloJars(shared).classPath();
        home = shared.resolve("cache");
        var both = List.of(programs.start(launch(home)), programs.start(launch(home)));
        both.forEach(Program::port);
        await().atMost(PATIENCE).until(() -> isMade(home));
        for (var program : both) {
            assertThat(program.stop()).isZero();
            assertThat(program.complaints()).isEmpty();
            assertThat(program.lines()).hasSize(1);
        }
    }

    @Test
    void madeByOneOfTwoPrograms_itsOwnersAlone() throws IOException {
        assertThat(files(home)).hasSize(2).anyMatch(path -> path.endsWith("lock"));
        assertThat(caches(home)).hasSize(1);
        for (var path : Stream.concat(Stream.of(place(home), home.resolve("shunt")), files(home).stream())
                .toList()) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
                    .as(path.toString())
                    .endsWith("------");
        }
    }

    @Test
    void nextStart_itsChildrenUseIt_andTheirSuccessors() throws IOException {
        var program = start(launch(home));
        assertThat(childrenOf(program)).hasSize(2).allMatch(AotCacheTest::usesOne);
        var killed = childrenOf(program).getFirst();
        killed.destroyForcibly();
        await().until(() ->
                !childrenOf(program).contains(killed) && childrenOf(program).size() == 2);
        await().until(() -> childrenOf(program).stream().allMatch(AotCacheTest::usesOne));
        assertServes(program);
        assertThat(program.stop()).isZero();
    }

    @Test
    void aJarHasChanged_isNotUsed() throws IOException {
        var jar = Path.of(classPath.split(":", -1)[0]);
        var before = Files.getLastModifiedTime(jar);
        Files.setLastModifiedTime(jar, FileTime.fromMillis(before.toMillis() + 10_000));
        try {
            assertStartsWithout(launch(home));
        } finally {
            Files.setLastModifiedTime(jar, before);
        }
    }

    @Test
    void turnedOff_isNotUsed() {
        assertStartsWithout(launch(home).withOptions("-Dshunt.aotCache=false"));
    }

    @Test
    void othersMayWriteThere_isNotUsed_andSaysSoOnce() throws IOException {
        var copy = copy();
        Files.setPosixFilePermissions(place(copy), PosixFilePermissions.fromString("rwxrwx---"));
        assertRefused(copy, "others may write");
    }

    @Test
    void ofAnotherUser_isNotUsed_andSaysSoOnce() throws IOException {
        var copy = copy();
        if (Files.getAttribute(copy, "unix:uid").equals(0)) {
            Files.setAttribute(place(copy), "unix:uid", 65_534);
        } else { // the superuser's
            Files.move(place(copy), copy.resolve("moved"));
            Files.createSymbolicLink(place(copy), Path.of("/"));
        }
        assertRefused(copy, "belongs to another user");
    }

    @Test
    void damaged_theProgramStartsAllTheSame() throws IOException {
        var copy = copy();
        var cache = caches(copy).getFirst();
        try (var channel = FileChannel.open(cache, StandardOpenOption.WRITE)) {
            var damage = ByteBuffer.allocate(DAMAGE);
            while (damage.hasRemaining()) {
                channel.write(damage, channel.size() / 2 - damage.remaining());
            }
        }
        var program = start(
                launch(copy).withOptions("-XX:ErrorFile=" + directory.resolve("crash"), "-XX:-CreateCoredumpOnCrash"));
        assertServes(program);
        assertThat(program.stop()).isZero();
        assertThat(cache).doesNotExist();
        assertThat(program.complaints()).anyMatch(line -> line.contains("may be damaged"));
    }

    @Test
    void nowhereToWrite_theProgramRunsAsBefore_andSaysSoOnce() {
        var program = start(launch(Path.of("/dev/null/none")));
        program.awaitLine("no AOT cache could be made");
        assertServes(program);
        assertThat(program.stop()).isZero();
        assertThat(program.complaints().stream().filter(line -> line.contains("AOT")))
                .hasSize(1);
    }

    private static Launch launch(Path home) {
        return Launch.java("-cp", classPath, Hello.class.getName()).withEnvironment(Launch.CACHE, home.toString());
    }

    private static Program start(Launch launch) {
        var program = programs.start(launch);
        program.port();
        return program;
    }

    private static void assertServes(Program program) {
        try (var client = new LineClient(program.port())) {
            assertThat(client.ask("who are you?")).startsWith("Done[");
        }
    }

    private static void assertStartsWithout(Launch launch) {
        var program = start(launch);
        assertThat(childrenOf(program)).hasSize(2).noneMatch(AotCacheTest::usesOne);
        assertServes(program);
        assertThat(program.stop()).isZero();
        assertThat(program.complaints()).isEmpty();
    }

    private void assertRefused(Path copy, String why) {
        var program = start(launch(copy));
        assertThat(childrenOf(program)).hasSize(2).noneMatch(AotCacheTest::usesOne);
        assertServes(program);
        assertThat(program.stop()).isZero();
        assertThat(program.complaints()).hasSize(1).first().asString().contains(why);
    }

    /** The cache, in another place: which that is, is no part of its name. */
    private Path copy() throws IOException {
        Files.createDirectories(place(directory));
        for (var path : List.of(directory.resolve("shunt"), place(directory))) {
            Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwx------"));
        }
        var cache = caches(home).getFirst();
        Files.copy(cache, place(directory).resolve(cache.getFileName()));
        return directory;
    }

    private static Path place(Path home) {
        return home.resolve("shunt/aot");
    }

    private static boolean isMade(Path home) throws IOException {
        return Files.isDirectory(place(home))
                && caches(home).size() == 1
                && files(home).size() == 2;
    }

    private static List<Path> caches(Path home) throws IOException {
        return files(home).stream()
                .filter(path -> path.toString().endsWith(".aot"))
                .toList();
    }

    private static List<Path> files(Path home) throws IOException {
        try (var files = Files.list(place(home))) {
            return files.toList();
        }
    }

    /** Without what makes a cache. */
    private static List<ProcessHandle> childrenOf(Program program) {
        return program.children().stream()
                .filter(process -> process.parent()
                                .filter(parent -> parent.pid() == program.pid())
                                .isPresent()
                        && read(process, "cmdline").contains("/arguments-"))
                .toList();
    }

    private static boolean usesOne(ProcessHandle child) {
        return read(child, "maps").contains(".aot");
    }

    private static String read(ProcessHandle process, String file) {
        try {
            return Files.readString(Path.of("/proc/" + process.pid(), file), ISO_8859_1);
        } catch (IOException e) {
            return ""; // it has ended
        }
    }
}
