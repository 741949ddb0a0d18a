package dev.shunt.process;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.shunt.time.Clock;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("processes")
class RunDirectoryTest {

    @TempDir
    Path parent;

    @TempDir
    Path arguments;

    private final List<Process> processes = new java.util.ArrayList<>();

    @AfterEach
    void end() {
        processes.forEach(Process::destroyForcibly);
    }

    @Test
    void isPrivate_andGoneAfterClose() throws IOException {
        try (var directory = RunDirectory.create(parent);
                var other = RunDirectory.create(parent)) {
            assertThat(directory.path().getFileName().toString())
                    .matches("shunt-[A-Za-z0-9]*-" + ProcessHandle.current().pid() + "-[0-9a-z]+");
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(directory.path())))
                    .isEqualTo("rwx------");
            assertThat(directory.payloads()).isEmptyDirectory();
            assertThat(directory.secret()).matches("[0-9a-f]{32}").isNotEqualTo(other.secret());
            Files.writeString(directory.payloads().resolve("left"), "x");
            Files.createSymbolicLink(directory.path().resolve("link"), other.path());
        }
        assertThat(parent).isEmptyDirectory();
    }

    @Test
    void spool_isOnTheDiskOfTemporaryFiles_andGoesWithTheDirectory() throws IOException {
        var memory = Files.createTempDirectory(Path.of("/dev/shm"), "run-");
        try {
            Path elsewhere;
            try (var directory = RunDirectory.create(memory)) {
                elsewhere = directory.spool().toRealPath();
                assertThat(elsewhere)
                        .startsWith(
                                Path.of(System.getProperty("java.io.tmpdir")).toRealPath());
                assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(elsewhere)))
                        .isEqualTo("rwx------");
                Files.writeString(directory.spool().resolve("body"), "x");
            }
            assertThat(elsewhere).doesNotExist();
            assertThat(memory).isEmptyDirectory();
        } finally {
            Files.deleteIfExists(memory);
        }
    }

    @Test
    void linkThatIsNoSpool_isNotFollowed() throws IOException {
        var foreign = Files.createDirectory(parent.resolve("foreign"));
        Files.writeString(foreign.resolve("kept"), "x");
        try (var directory = RunDirectory.create(parent)) {
            Files.delete(directory.spool());
            Files.createSymbolicLink(directory.spool(), foreign);
        }
        assertThat(foreign.resolve("kept")).exists();
    }

    @Test
    void pathTooLongForASocket_isMadeUnderTmp() throws IOException {
        var deep = Files.createDirectory(parent.resolve("d".repeat(100)));
        try (var directory = RunDirectory.create(deep)) {
            assertThat(directory.path()).hasParentRaw(Path.of("/tmp"));
            assertThat(directory.socket().toString().length()).isLessThan(108);
        }
    }

    @Test
    void parentThatIsNotThere_isNamed() {
        assertThatThrownBy(() -> RunDirectory.create(parent.resolve("none")))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining("cannot make a run directory under " + parent.resolve("none"))
                .hasMessageContaining("java.io.tmpdir");
    }

    @Test
    void ofALivingManager_stays_ofAKilledOne_isDeletedByTheNext() throws Exception {
        var manager = start(Holder.class);
        var its = Path.of(line(manager));
        Files.writeString(its.resolve("payloads").resolve("left"), "x");
        RunDirectory.create(parent).close();
        assertThat(its).isDirectoryContaining(file -> file.endsWith("lock"));
        assertThat(RunDirectory.removeAbandoned(its, Duration.ofMillis(100))).isFalse();

        kill(manager);
        RunDirectory.create(parent).close();
        assertThat(parent).isEmptyDirectory();
    }

    @Test
    void ofAKilledManager_isDeletedByItsChild() throws Exception {
        var manager = start(Holder.class);
        var its = Path.of(line(manager));
        kill(manager);
        assertThat(RunDirectory.removeAbandoned(its, Duration.ofSeconds(10))).isTrue();
        assertThat(parent).isEmptyDirectory();
        assertThat(RunDirectory.removeAbandoned(its, Duration.ofSeconds(10))).isFalse();
    }

    @Test
    void severalInOneJvm_stayLockedForOthers() throws Exception {
        try (var first = RunDirectory.create(parent);
                var second = RunDirectory.create(parent)) {
            assertThat(RunDirectory.removeAbandoned(first.path(), Duration.ofSeconds(1)))
                    .isFalse();
            var other = Path.of(line(start(Holder.class)));
            assertThat(Stream.of(first.path(), second.path(), other)).allMatch(Files::isDirectory);
        }
    }

    @Test
    void leftEmpty_isDeleted_butNothingElseWithoutALock() throws IOException {
        try (var directory = RunDirectory.create(parent)) {
            var user = directory.path().getFileName().toString().split("-", -1)[1];
            var empty = Files.createDirectory(parent.resolve("shunt-" + user + "-1-x"));
            var full = Files.createDirectory(parent.resolve("shunt-" + user + "-1-y"));
            Files.writeString(full.resolve("precious"), "x");
            var link = Files.createSymbolicLink(parent.resolve("shunt-" + user + "-1-z"), full);
            RunDirectory.create(parent).close();
            assertThat(empty).doesNotExist();
            assertThat(full.resolve("precious")).exists();
            assertThat(link).isSymbolicLink();
        }
    }

    @Test
    void kept_isTouched_allOfIt() throws IOException {
        try (var directory = RunDirectory.create(parent)) {
            Files.writeString(directory.payloads().resolve("1-2-3"), "x");
            try (var _ = ServerSocketChannel.open(StandardProtocolFamily.UNIX)
                    .bind(UnixDomainSocketAddress.of(directory.socket()))) {
                var old = FileTime.from(Instant.EPOCH);
                for (var file : all(directory)) {
                    Files.getFileAttributeView(file, BasicFileAttributeView.class)
                            .setTimes(old, old, null);
                }
                directory.keep(Clock.system());
                assertThat(all(directory)).hasSize(6).allSatisfy(file -> {
                    var times = Files.readAttributes(file, BasicFileAttributes.class);
                    assertThat(times.lastModifiedTime()).isGreaterThan(old);
                    assertThat(times.lastAccessTime()).isGreaterThan(old);
                });
            }
        }
    }

    @Test
    void whatWasRemoved_isMadeAgain_andStaysLockedForOthers() throws Exception {
        try (var directory = RunDirectory.create(parent)) {
            Files.delete(directory.payloads());
            Files.delete(directory.files().lock());
            directory.keep(Clock.system());
            assertThat(all(directory)).hasSize(4);

            for (var file : all(directory)) {
                Files.delete(file);
            }
            directory.keep(Clock.system());
            assertThat(all(directory)).hasSize(3);
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(directory.path())))
                    .isEqualTo("rwx------");

            assertThat(Path.of(line(start(Holder.class)))).isDirectory();
            assertThat(all(directory)).hasSize(3);
            Files.writeString(directory.payloads().resolve("1-2-3"), "x");
        }
        processes.getFirst().destroyForcibly().waitFor();
        RunDirectory.create(parent).close();
        assertThat(parent).isEmptyDirectory();
    }

    @Test
    void closed_isNotMadeAgain() throws IOException {
        var directory = RunDirectory.create(parent);
        directory.close();
        directory.keep(Clock.system());
        assertThat(parent).isEmptyDirectory();
    }

    @Test
    void place_isThatOfTheService_orTheUser_orTemporary() throws IOException {
        var service = Files.createDirectory(parent.resolve("service"));
        var user = Files.createDirectory(parent.resolve("user"));
        assertThat(RunParents.of(
                                Map.of(
                                        "RUNTIME_DIRECTORY",
                                        service + ":/run/other",
                                        "XDG_RUNTIME_DIR",
                                        user.toString()),
                                parent)
                        .wanted())
                .containsExactly(service, user, parent);
        assertThat(RunParents.of(Map.of("XDG_RUNTIME_DIR", user.toString()), parent)
                        .wanted())
                .containsExactly(user, parent);
        assertThat(RunParents.of(Map.of("XDG_RUNTIME_DIR", parent + "/gone", "RUNTIME_DIRECTORY", ""), parent)
                        .wanted())
                .containsExactly(parent);
    }

    @Test
    void ofAKilledManager_isDeletedByTheNext_inWhicheverPlaceItIs() throws Exception {
        var manager = start(Holder.class);
        var its = Path.of(line(manager));
        kill(manager);
        var user = Files.createDirectory(arguments.resolve("user"));
        RunDirectory.create(RunParents.of(Map.of("XDG_RUNTIME_DIR", user.toString()), parent))
                .close();
        assertThat(its).doesNotExist();
    }

    private static List<Path> all(RunDirectory directory) throws IOException {
        try (var files = Files.walk(directory.path())) {
            return files.sorted(Comparator.reverseOrder()).toList();
        }
    }

    @Test
    void managersThatStartTogether_neverDeleteEachOthersFreshDirectory() throws Exception {
        var churning = Stream.of(1, 2, 3).map(_ -> start(Churn.class)).toList();
        for (var process : churning) {
            assertThat(process.waitFor()).as(() -> line(process)).isZero();
        }
        assertThat(parent).isEmptyDirectory();
    }

    private Process start(Class<?> program) {
        try {
            var process = new ProcessBuilder(LaunchCommand.ofMainClass(program, parent.toString())
                            .through(arguments.resolve("arguments-" + processes.size()), ChildOptions.DEFAULTS))
                    .redirectErrorStream(true)
                    .start();
            processes.add(process);
            return process;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String line(Process process) {
        try {
            return String.valueOf(
                    new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8)).readLine());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void kill(Process process) throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    /** A manager that does nothing but live. */
    static final class Holder {
        public static void main(String[] args) throws IOException {
            var directory = RunDirectory.create(Path.of(args[0]));
            System.out.println(directory.path());
            System.out.println(System.in.read());
        }
    }

    /** Many managers, one after the other. */
    static final class Churn {
        public static void main(String[] args) throws IOException {
            for (int i = 0; i < 300; i++) {
                try (var directory = RunDirectory.create(Path.of(args[0]))) {
                    Files.writeString(directory.payloads().resolve("mine"), "x");
                    if (!Files.exists(directory.files().lock())) {
                        throw new IllegalStateException("deleted by another: " + directory.path());
                    }
                }
            }
        }
    }
}
