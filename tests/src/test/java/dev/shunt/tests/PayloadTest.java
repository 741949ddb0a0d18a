package dev.shunt.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.shunt.testing.Launch;
import dev.shunt.testing.LineClient;
import dev.shunt.testing.Program;
import dev.shunt.testing.Programs;
import dev.shunt.tests.programs.Payloads;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is handed to a task arrives as it was, and so does its result, whatever its kind and size. */
@ParameterizedClass
@ValueSource(
        strings = {
            "--placement event_loop",
            "--placement children",
            "--placement in_process --task-placement in_process",
        })
@Tag("processes")
class PayloadTest {

    @RegisterExtension
    static final Programs programs = new Programs();

    @SuppressWarnings("NullAway.Init") // before each run of the suite
    private static Program program;

    PayloadTest(@SuppressWarnings("unused") String placement) {}

    @BeforeParameterizedClassInvocation
    static void start(String placement) {
        program = programs.start(Launch.of(Payloads.class).withArguments((Object[]) placement.split(" ", -1)));
        program.port();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 65_535, 65_536, 65_537, 1 << 20, 8 << 20})
    void bytes_travelExactly(int size) {
        try (var client = new LineClient(program.port())) {
            assertThat(client.ask("bytes " + size)).isEqualTo("same " + size);
        }
        assertNoPayloadLeft();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 100_000})
    void text_travelsExactly(int repetitions) {
        try (var client = new LineClient(program.port())) {
            assertThat(client.ask("text " + repetitions)).startsWith("same ");
        }
        assertNoPayloadLeft();
    }

    @Test
    void records_travelThroughTheCodec() {
        try (var client = new LineClient(program.port())) {
            assertThat(client.ask("record")).isEqualTo("doubled true");
        }
    }

    @Test
    void manyLargeOnes_atOnce() {
        try (var client = new LineClient(program.port())) {
            IntStream.range(0, 30).forEach(i -> client.send("bytes " + (1_000_000 + i)));
            assertThat(client.read(30))
                    .containsExactlyInAnyOrderElementsOf(IntStream.range(0, 30)
                            .mapToObj(i -> "same " + (1_000_000 + i))
                            .toList());
        }
        assertNoPayloadLeft();
    }

    /** What stays while a program runs, its sockets and slot tables, is small. */
    private static void assertNoPayloadLeft() {
        await().until(
                        () -> RunDirectories.filesIn(programs.directory()).stream()
                                .filter(file -> file.toFile().length() >= 65_535)
                                .toList(),
                        List::isEmpty);
    }
}
