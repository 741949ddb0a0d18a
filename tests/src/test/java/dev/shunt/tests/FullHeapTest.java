package dev.shunt.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.shunt.testing.Gate;
import dev.shunt.testing.Launch;
import dev.shunt.testing.Programs;
import dev.shunt.testing.RawClient;
import dev.shunt.tests.programs.Brimful;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A manager that is sent more than it has memory for, and what happens when there is really none left. */
@Tag("processes")
class FullHeapTest {

    private static final int FATAL = 70;

    @RegisterExtension
    static final Programs programs = new Programs();

    @TempDir
    Path directory;

    private static byte[] text(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void floodOfTasks_isRejectedByName_othersAreServed_andTheProgramStops() {
        try (var gate = new Gate()) {
            var program = programs.start(Launch.of("dev.shunt.tests.programs.Flooded", "--gate", gate.port())
                    .withOptions("-Xmx256m"));
            int port = program.port();
            var chunk = new byte[60_000];
            Arrays.fill(chunk, (byte) 'x');
            try (var client = new RawClient(port)) {
                for (long sent = 0; sent < 276L << 20; sent += chunk.length) {
                    client.send(chunk);
                }
                program.awaitLine("not done: Rejected.*67108864 \\(maxQueuedBytes\\).*");
            }
            for (int i = 0; i < 4; i++) {
                gate.await().release("first");
            }
            program.awaitLines("done first", 4);
            try (var other = new RawClient(port)) {
                await().until(() -> {
                    other.send(text("hello"));
                    return program.lines().stream().anyMatch(line -> line.startsWith("done"));
                });
            }
            assertThat(program.stop()).isZero();
        }
    }

    @Test
    void loopWithoutMemory_endsTheProcess_andChildrenAndRunDirectoryWithIt() {
        var program = programs.start(Launch.of("dev.shunt.tests.programs.Flooded", "--task-workers", 2)
                .withOptions("-Xmx64m"));
        try (var client = new RawClient(program.port())) {
            var children = program.children();
            assertThat(children).isNotEmpty();
            client.send(text("exhaust"));
            assertThat(program.exitCode()).isEqualTo(FATAL);
            assertThat(program.errors())
                    .anyMatch(line -> line.startsWith("shunt: thread manager-1 has died")
                            && line.contains("java.lang.OutOfMemoryError")
                            && line.contains("status 70"));
            await().until(() -> children.stream().noneMatch(ProcessHandle::isAlive));
            await().until(() -> {
                try (var left = Files.list(programs.directory())) {
                    return left.noneMatch(file -> file.getFileName().toString().startsWith("shunt-"));
                }
            });
        }
    }

    /** Whatever would be loaded or resolved for it first has no room. */
    @Test
    void heapWithoutRoomForAnObject_endsTheProcess_andSaysWhy() {
        var program = programs.start(Launch.of(Brimful.class).withOptions("-Xmx64m"));
        assertThat(program.exitCode()).isEqualTo(FATAL);
        assertThat(program.errors())
                .anyMatch(line -> line.startsWith("shunt: thread dying has died") && line.contains("status 70"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"loop", "loop-due", "timers", "log"})
    void indispensableThreadWithoutMemory_endsTheProcess(String thread) {
        var program = programs.start(Launch.of(
                "dev.shunt.tests.programs.DyingThreads", "--thread", thread, "--file", directory.resolve("tasks.db")));
        assertThat(program.exitCode()).isEqualTo(FATAL);
        assertThat(program.errors()).anyMatch(line -> line.contains("has died, and the program cannot go on"));
    }
}
