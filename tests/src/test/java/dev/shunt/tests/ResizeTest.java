package dev.shunt.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.shunt.control.Inspection;
import dev.shunt.testing.LineClient;
import dev.shunt.testing.Program;
import dev.shunt.testing.Programs;
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
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Groups get more children, and fewer, while messages come and tasks run. */
@Tag("processes")
class ResizeTest {

    private static final int TASKS_PER_MESSAGE = 5;

    @RegisterExtension
    static final Programs programs = new Programs();

    @TempDir
    Path directory;

    private final AtomicLong messages = new AtomicLong();

    @ParameterizedTest
    @CsvSource({"children", "in_process", "event_loop"})
    void resize_underLoad_losesAndRepeatsNothing_butWhatAKilledChildRan(String placement) {
        var program = programs.start(
                Bursts.class,
                "--placement",
                placement,
                "--workers",
                2,
                "--processes",
                placement.equals("children") ? 2 : 1,
                "--task-processes",
                2,
                "--directory",
                directory,
                "--run-dir",
                directory.resolve("run"));
        var clients = IntStream.range(0, 4)
                .mapToObj(_ -> new LineClient(program.port()))
                .toList();
        long lost;
        try (var pacer = Executors.newSingleThreadScheduledExecutor()) {
            var pace = pacer.scheduleAtFixedRate(() -> sendAll(clients), 0, 100, TimeUnit.MILLISECONDS);
            resize(program.port(), "task", 4, 8);
            killOne();
            resize(program.port(), "task", 1, 2);
            resize(program.port(), "task", 3, 6);
            if (!placement.equals("event_loop")) {
                resize(program.port(), "event", 4, 4);
                resize(program.port(), "event", 1, 1);
                resize(program.port(), "event", 2, 2);
            }
            pace.cancel(false);
            pacer.submit(() -> {}).get();
            long asked = messages.get() * TASKS_PER_MESSAGE;
            await().atMost(Program.PATIENCE)
                    .until(() -> numbers(Bursts.HANDLED).length == messages.get()
                            && numbers(Bursts.DONE).length + numbers(Bursts.NOT_DONE).length >= asked);
            lost = numbers(Bursts.NOT_DONE).length;
        } catch (Exception e) {
            throw new AssertionError(e);
        } finally {
            clients.forEach(LineClient::close);
        }
        assertThat(program.stop()).isZero();
        assertThat(numbers(Bursts.HANDLED)).doesNotHaveDuplicates();
        long[] asked = numbers(Bursts.ASKED);
        assertThat(asked).hasSize((int) messages.get() * TASKS_PER_MESSAGE).doesNotHaveDuplicates();
        assertThat(numbers(Bursts.RAN)).doesNotHaveDuplicates();
        assertThat(numbers(Bursts.DONE)).doesNotHaveDuplicates().hasSize((int) (asked.length - lost));
        assertThat(lost).as("what the killed child's two slots ran").isBetween(0L, 2L);
    }

    private void sendAll(List<LineClient> clients) {
        clients.forEach(client -> client.send(messages.incrementAndGet() + " " + TASKS_PER_MESSAGE));
    }

    /** From wherever handlers run; until those that are too many have ended, and those that were missing serve. */
    private void resize(int port, String group, int count, int slots) {
        try (var client = new LineClient(port)) {
            assertThat(client.ask("resize " + group + " " + count))
                    .as("what was done")
                    .contains("done=1", "group=" + group, "slots=" + slots);
        }
        await().atMost(Program.PATIENCE).until(() -> {
            var status = control().get("/api/v1/status").as(Inspection.class);
            var now = status.groups().stream()
                    .filter(one -> one.name().equals(group))
                    .findFirst()
                    .orElseThrow();
            var children = status.children().stream()
                    .filter(child -> child.group().equals(group))
                    .toList();
            boolean inChildren = now.placement().equals("children");
            return now.slots() == slots
                    && children.size() == (inChildren ? count : 0)
                    && children.stream().allMatch(child -> child.state().equals("ready"));
        });
    }

    private ControlSocket control() {
        return new ControlSocket(directory.resolve("run/control"));
    }

    private void killOne() {
        var victim = control().get("/api/v1/status").as(Inspection.class).children().stream()
                .filter(child -> child.group().equals("task"))
                .findFirst()
                .orElseThrow();
        ProcessHandle.of(victim.pid()).ifPresent(ProcessHandle::destroyForcibly);
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
