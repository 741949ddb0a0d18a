package dev.shunt.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.shunt.testing.LineClient;
import dev.shunt.testing.Program;
import dev.shunt.testing.Programs;
import dev.shunt.tests.programs.Payloads;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Large payloads through memory that children share with the manager: where they travel, and what is left of them. */
@Tag("processes")
class SharedPayloadTest {

    private static final Pattern STATS =
            Pattern.compile("Payloads\\[inMemory=(\\d+), inFiles=(\\d+), memoryBytes=(\\d+)]");

    @RegisterExtension
    static final Programs programs = new Programs();

    private record Seen(long inMemory, long inFiles, long memoryBytes) {

        static Seen by(LineClient client) {
            MatchResult found =
                    STATS.matcher(client.ask("stats")).results().findFirst().orElseThrow();
            return new Seen(number(found, 1), number(found, 2), number(found, 3));
        }

        private static long number(MatchResult found, int group) {
            return Long.parseLong(found.group(group));
        }
    }

    @Test
    void upTo64MiB_noFileIsWritten() {
        var program = programs.start(Payloads.class, "--task-processes", 1);
        try (var client = new LineClient(program.port())) {
            for (int size : new int[] {65_536, 1 << 20, 64 << 20}) {
                assertThat(client.ask("bytes " + size)).isEqualTo("same " + size);
            }
            assertThat(Seen.by(client)).isEqualTo(new Seen(6, 0, 128 << 20));
            assertThat(client.ask("bytes 8191")).isEqualTo("same 8191");
            assertThat(Seen.by(client).inMemory()).isEqualTo(6);
            assertThat(client.ask("bytes 8192")).isEqualTo("same 8192");
            assertThat(Seen.by(client).inMemory()).isEqualTo(8);
            assertThat(arenas(program)).isEmpty();
        }
    }

    /** Between two sizes there is no file: what finds no room travels in its frame. */
    @Test
    void smallOnes_shareMemoryWhileThereIsRoom_andAreNeverFiles() {
        var program = programs.start(Payloads.class, "--task-processes", 1, "--payload-memory", 4 << 20);
        try (var client = new LineClient(program.port())) {
            for (int round = 0; round < 3; round++) {
                IntStream.range(0, 100).forEach(i -> client.send("bytes " + (20_000 + i)));
                assertThat(client.read(100)).allMatch(line -> line.startsWith("same "));
            }
            var seen = Seen.by(client);
            assertThat(seen.inMemory()).isBetween(1L, 600L);
            assertThat(seen.inFiles()).isZero();
            assertThat(seen.memoryBytes()).isLessThanOrEqualTo(2 << 20);
        }
    }

    /** 2 MiB in each direction, for the child and its successor. */
    @Test
    void beyondTheBudget_theyTravelAsFiles() {
        var program = programs.start(Payloads.class, "--task-processes", 1, "--payload-memory", 8 << 20);
        try (var client = new LineClient(program.port())) {
            assertThat(client.ask("bytes " + (2 << 20))).isEqualTo("same " + (2 << 20));
            assertThat(Seen.by(client)).isEqualTo(new Seen(2, 0, 4 << 20));
            assertThat(client.ask("bytes " + (3 << 20))).isEqualTo("same " + (3 << 20));
            assertThat(Seen.by(client)).isEqualTo(new Seen(2, 2, 4 << 20));

            IntStream.range(0, 30).forEach(i -> client.send("bytes " + (1_000_000 + i)));
            assertThat(client.read(30)).allMatch(line -> line.startsWith("same "));
            var seen = Seen.by(client);
            assertThat(seen.inMemory() + seen.inFiles()).isEqualTo(64);
            assertThat(seen.memoryBytes()).isLessThanOrEqualTo(4 << 20);
        }
    }

    @Test
    void without_theyTravelAsFiles() {
        var program = programs.start(Payloads.class, "--task-processes", 1, "--payload-memory", 0);
        try (var client = new LineClient(program.port())) {
            assertThat(client.ask("bytes 65535")).isEqualTo("same 65535");
            assertThat(Seen.by(client)).isEqualTo(new Seen(0, 0, 0));
            assertThat(client.ask("bytes 65536")).isEqualTo("same 65536");
            assertThat(Seen.by(client)).isEqualTo(new Seen(0, 2, 0));
            assertThat(arenas(program)).isEmpty();
        }
    }

    /** Children are killed again and again, while payloads are on their way in both directions. */
    @Test
    void killedChildren_everyTaskHasItsEnd_andTheirMemoryIsGone() {
        var program = programs.start(Payloads.class, "--task-processes", 2, "--payload-memory", 96 << 20);
        try (var client = new LineClient(program.port())) {
            int lost = 0;
            for (int round = 0; round < 5; round++) {
                IntStream.range(0, 20).forEach(i -> client.send("bytes " + (1_000_000 + i)));
                var first = client.read(2);
                program.children().forEach(ProcessHandle::destroyForcibly);
                var lines =
                        Stream.concat(first.stream(), client.read(18).stream()).toList();
                assertThat(lines).allMatch(line -> line.startsWith("same ") || line.startsWith("lost "));
                lost += (int)
                        lines.stream().filter(line -> line.startsWith("lost ")).count();
            }
            assertThat(lost).as("only what had started").isLessThanOrEqualTo(5 * 2);
            await().until(() -> client.ask("bytes 1000000").equals("same 1000000"));
            await().untilAsserted(
                            () -> assertThat(Seen.by(client).memoryBytes()).isLessThanOrEqualTo(64 << 20));
            assertThat(arenas(program)).isEmpty();
        }
    }

    @Test
    void killedManager_leavesNothing() {
        var program = programs.start(Payloads.class, "--task-processes", 2);
        try (var client = new LineClient(program.port())) {
            String arenas = prefix(program);
            assertThat(client.ask("bytes 1000000")).isEqualTo("same 1000000");
            IntStream.range(0, 20).forEach(i -> client.send("bytes " + (1_000_000 + i)));
            program.kill();
            await().untilAsserted(() -> assertThat(named(arenas)).isEmpty());
        }
    }

    /** Those that have a name, until both ends have mapped them. */
    private static List<Path> arenas(Program program) {
        return named(prefix(program));
    }

    private static String prefix(Program program) {
        var run = RunDirectories.in(programs.directory()).stream()
                .filter(directory -> directory.toString().contains("-" + program.pid() + "-"))
                .findFirst()
                .orElseThrow();
        return "arena-of-" + run.getFileName() + "-";
    }

    private static List<Path> named(String prefix) {
        try (var files = Files.list(Path.of("/dev/shm"))) {
            return files.filter(file -> file.getFileName().toString().startsWith(prefix))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
