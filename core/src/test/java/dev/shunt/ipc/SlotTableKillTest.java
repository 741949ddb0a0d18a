package dev.shunt.ipc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.shunt.ipc.SlotTable.SlotState.Idle;
import dev.shunt.ipc.SlotTable.SlotState.Running;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;

/** What the table says of a child killed amid leases that last some nanoseconds, and each of which leaves a trace. */
@Tag("processes")
class SlotTableKillTest {

    private static final VarHandle LONG = ValueLayout.JAVA_LONG.varHandle();

    @TempDir
    Path directory;

    @RepeatedTest(5)
    void started_isTrueOfWhatLeftATrace_andOfOneMoreAtMost() throws Exception {
        try (var table = SlotTable.create(directory.resolve("slots"), 1);
                var arena = Arena.ofShared()) {
            var trace = trace(directory, arena);
            var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
            var child = new ProcessBuilder(
                            java,
                            "-XX:+UseSerialGC",
                            "-cp",
                            System.getProperty("java.class.path"),
                            RunLeases.class.getName(),
                            directory.toString())
                    .inheritIO()
                    .start();
            await().until(() -> (long) LONG.getAcquire(trace, 0L) > 100_000);
            child.destroyForcibly().waitFor();

            long last = (long) LONG.getAcquire(trace, 0L);
            assertThat(table.started(last)).isTrue();
            assertThat(table.started(last + 2)).isFalse();
            assertThat(table.started(last + 3)).isFalse();
            switch (table.read(0)) {
                case Idle idle -> assertThat(idle.runsEnded()).isEqualTo(last);
                case Running running -> {
                    assertThat(running.lease()).isBetween(last, last + 1);
                    long lease = running.lease();
                    assertThat(running).isEqualTo(new Running(lease, WorkKind.TASK, lease, 1, lease, lease - 1));
                }
            }
        }
    }

    private static MemorySegment trace(Path directory, Arena arena) throws IOException {
        try (var file = FileChannel.open(
                directory.resolve("trace"),
                StandardOpenOption.CREATE,
                StandardOpenOption.READ,
                StandardOpenOption.WRITE)) {
            return file.map(MapMode.READ_WRITE, 0, Long.BYTES, arena);
        }
    }

    /** Runs as a process of its own, until it is killed. */
    static final class RunLeases {
        public static void main(String[] args) throws IOException {
            var directory = Path.of(args[0]);
            var table = SlotTable.open(directory.resolve("slots"));
            var trace = trace(directory, Arena.global());
            for (long lease = 1; lease > 0; lease++) {
                table.starting(0, lease, WorkKind.TASK, lease, 1, lease);
                LONG.setRelease(trace, 0L, lease);
                table.ended(0);
            }
        }
    }
}
