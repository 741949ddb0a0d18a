package dev.shunt.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.shunt.testing.LineClient;
import dev.shunt.testing.Program;
import dev.shunt.testing.Programs;
import dev.shunt.testing.Signals;
import dev.shunt.tests.programs.Bursts;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.LongBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Reload after reload while 5,000 tasks a second are asked for, in a hundred messages a second of one connection. */
@Tag("alone")
@Tag("processes")
@Timeout(600)
class ReloadUnderLoadTest {

    private static final int MESSAGE_EVERY_MILLIS = 10;
    private static final int TASKS_PER_MESSAGE = 50;

    @RegisterExtension
    static final Programs programs = new Programs();

    @TempDir
    Path directory;

    private long messages;

    @ParameterizedTest
    @CsvSource({"event_loop, USR1, 2, 20", "children, USR1, 1, 20", "children, USR2, 1, 5"})
    void reload_againAndAgain_losesAndRepeatsNothing(String placement, String signal, int taskProcesses, int reloads) {
        var program = programs.start(
                Bursts.class, "--placement", placement, "--task-processes", taskProcesses, "--directory", directory);
        try (var client = new LineClient(program.port());
                var pacer = Executors.newSingleThreadScheduledExecutor()) {
            var pace = pacer.scheduleAtFixedRate(
                    () -> client.send(++messages + " " + TASKS_PER_MESSAGE),
                    0,
                    MESSAGE_EVERY_MILLIS,
                    TimeUnit.MILLISECONDS);
            for (int i = 0; i < reloads; i++) {
                reload(program, signal);
            }
            pace.cancel(false);
            pacer.submit(() -> {}).get();
            await().atMost(Program.PATIENCE)
                    .until(() -> numbers(Bursts.HANDLED).length == messages
                            && numbers(Bursts.DONE).length + numbers(Bursts.NOT_DONE).length
                                    >= messages * TASKS_PER_MESSAGE);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
        assertThat(program.stop()).isZero();
        assertThat(numbers(Bursts.HANDLED)).isSorted().doesNotHaveDuplicates().hasSize((int) messages);
        long[] asked = numbers(Bursts.ASKED);
        assertThat(asked).hasSize((int) messages * TASKS_PER_MESSAGE).doesNotHaveDuplicates();
        assertThat(numbers(Bursts.NOT_DONE)).isEmpty();
        assertThat(numbers(Bursts.RAN)).containsExactlyInAnyOrder(asked);
        assertThat(numbers(Bursts.DONE)).containsExactlyInAnyOrder(asked);
    }

    /** Until every child that was meant is gone, and as many are there as before. */
    private static void reload(Program program, String signal) {
        var before = program.children();
        // The children say what they are, which is read a moment later.
        var meant = signal.equals("USR1")
                ? before
                : await().until(() -> taskChildren(program, before), children -> !children.isEmpty());
        Signals.send(signal, program.pid());
        await().atMost(Program.PATIENCE)
                .until(() -> meant.stream().noneMatch(ProcessHandle::isAlive)
                        && program.children().size() == before.size());
    }

    private static List<ProcessHandle> taskChildren(Program program, List<ProcessHandle> children) {
        return children.stream()
                .filter(child -> program.lines().contains("task worker in " + child.pid()))
                .toList();
    }

    private long[] numbers(String file) {
        try {
            LongBuffer longs =
                    ByteBuffer.wrap(Files.readAllBytes(directory.resolve(file))).asLongBuffer();
            long[] numbers = new long[longs.remaining()];
            longs.get(numbers);
            return numbers;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
