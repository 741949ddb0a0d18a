package dev.shunt.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.shunt.testing.Launch;
import dev.shunt.testing.LineClient;
import dev.shunt.testing.Program;
import dev.shunt.testing.Programs;
import dev.shunt.tests.programs.Bulk;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Large payloads, results, progress and contexts arrive byte by byte, in order, and leave no file behind. */
@Tag("processes")
class BulkTest {

    private static final int MIB = 1 << 20;
    private static final int QUARTER = MIB / 4;

    @RegisterExtension
    static final Programs programs = new Programs();

    private static Program start(String arguments) {
        return programs.start(
                Launch.of(Bulk.class).withOptions("-Xmx1g").withArguments((Object[]) arguments.split(" ", -1)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--placement event_loop",
                "--placement children",
                "--placement children --task-placement in_process",
                "--placement in_process --task-placement in_process",
            })
    void everyWay_isExact_andInOrder(String arguments) {
        var program = start(arguments);
        try (var client = new LineClient(program.port())) {
            var sizes =
                    arguments.equals("--placement event_loop") ? List.of(60_000, MIB, 64 * MIB) : List.of(60_000, MIB);
            for (int size : sizes) {
                client.send("plain " + size);
                assertThat(client.read(2)).containsExactly("finish 1 ==", "finish 2 ==");
                client.send("handle " + size);
                assertThat(client.read(2)).containsExactly("progress =", "result ==");
                assertNoPayloadLeft();
            }
        }
    }

    /**
     * Children of both kinds; those who asked may be among them, so only what was asked on the event loop has an
     * answer.
     */
    @ParameterizedTest
    @ValueSource(strings = {"--placement event_loop --task-processes 2", "--placement children --task-processes 2"})
    void killedAtAnyMoment_nothingIsLeft(String arguments) {
        var program = start(arguments);
        boolean asksHere = arguments.contains("event_loop");
        long seed = System.nanoTime();
        var random = new Random(seed);
        try (var client = new LineClient(program.port())) {
            int tasks = 10;
            for (int kill = 0; kill < 3; kill++) {
                IntStream.range(0, tasks).forEach(i -> client.send("retry " + (QUARTER + i)));
                int answers = random.nextInt(10);
                if (asksHere) {
                    client.read(answers);
                }
                var children = program.children();
                if (!children.isEmpty()) {
                    children.get(random.nextInt(children.size())).destroyForcibly();
                }
                if (asksHere) {
                    assertThat(client.read(tasks - answers)).as("seed %d", seed).containsOnly("result ==");
                }
            }
        }
        try (var client = new LineClient(program.port())) {
            client.send("retry " + QUARTER);
            assertThat(client.read()).isEqualTo("result ==");
        }
        assertNoPayloadLeft();
    }

    /** What stays while a program runs, its sockets and slot tables, is small. */
    private static void assertNoPayloadLeft() {
        await().until(
                        () -> RunDirectories.filesIn(programs.directory()).stream()
                                .filter(file -> file.toFile().length() >= 60_000)
                                .toList(),
                        List::isEmpty);
    }
}
