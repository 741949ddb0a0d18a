package dev.shunt.ipc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.shunt.ipc.SlotTable.SlotState.Idle;
import dev.shunt.ipc.SlotTable.SlotState.Running;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SlotTableTest {

    @TempDir
    Path directory;

    private SlotTable manager;
    private SlotTable child;

    @BeforeEach
    void map() {
        manager = SlotTable.create(directory.resolve("slots"), 3);
        child = SlotTable.open(directory.resolve("slots"));
    }

    @AfterEach
    void unmap() {
        manager.close();
        child.close();
    }

    @Test
    void read_followsTheRun() {
        assertThat(manager.slots()).isEqualTo(child.slots()).isEqualTo(3);
        assertThat(manager.read(2)).isEqualTo(new Idle(0));

        child.starting(2, 77, WorkKind.MESSAGE, 4_000_000_000L, 5, 1_700_000_000_000L);
        assertThat(manager.read(2))
                .isEqualTo(new Running(77, WorkKind.MESSAGE, 4_000_000_000L, 5, 1_700_000_000_000L, 0));

        child.ended(2);
        assertThat(manager.read(2)).isEqualTo(new Idle(1));
        assertThat(manager.read(1)).isEqualTo(new Idle(0));
    }

    @Test
    void started_isTrueFromStartOnAndForNoOtherLease() {
        assertThat(manager.started(0)).isFalse();
        child.starting(0, 0, WorkKind.TASK, 1, 1, 1);
        assertThat(manager.started(0)).isTrue();

        assertThat(manager.started(5)).isFalse();
        child.starting(1, 5, WorkKind.TASK, 1, 1, 1);
        child.ended(1);
        assertThat(manager.started(5)).isTrue();
        assertThat(manager.started(6)).isFalse();
        assertThat(manager.started(5 + SlotTable.MAX_LEASES)).isFalse();
    }

    @Test
    void started_ofALeaseOvertakenByOneWithItsRemainder_errsTowardsYes() {
        child.starting(0, 5 + SlotTable.MAX_LEASES, WorkKind.TASK, 1, 1, 1);
        assertThat(manager.started(5)).isTrue();
    }

    @Test
    void read_whileTheSlotRuns_neverMixesTwoRuns() {
        var stop = new AtomicBoolean();
        var writer = CompletableFuture.runAsync(() -> {
            for (long run = 1; !stop.get(); run++) {
                child.starting(1, run, WorkKind.TASK, run, (int) run, run);
                child.ended(1);
            }
        });
        long seen = 0;
        for (int reads = 0; reads < 300_000 || seen < 10; reads++) {
            if (manager.read(1) instanceof Running running) {
                long run = running.runsEnded() + 1;
                assertThat(running).isEqualTo(new Running(run, WorkKind.TASK, run, (int) run, run, run - 1));
                seen++;
            }
        }
        stop.set(true);
        writer.join();
    }

    @Test
    void wrongUse_isNamed() throws IOException {
        assertThatThrownBy(() -> manager.read(3))
                .isInstanceOf(IndexOutOfBoundsException.class)
                .hasMessage("slot 3 of 3");
        assertThatThrownBy(() -> SlotTable.create(directory.resolve("none"), 0)).hasMessageContaining("0 slots");
        assertThatThrownBy(() -> SlotTable.create(directory.resolve("slots"), 1))
                .isInstanceOf(UncheckedIOException.class);
        var other = Files.writeString(directory.resolve("other"), "x".repeat(100));
        assertThatThrownBy(() -> SlotTable.open(other)).hasMessageContaining("not a slot table");
        var cut = Files.write(
                directory.resolve("cut"), Arrays.copyOf(Files.readAllBytes(directory.resolve("slots")), 200));
        assertThatThrownBy(() -> SlotTable.open(cut)).hasMessageContaining("200 bytes for 3 slots");
    }
}
