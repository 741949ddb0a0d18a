package dev.shunt.process;

import static dev.shunt.process.ChildHeap.MEGABYTE;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChildHeapTest {

    @TempDir
    Path root;

    @BeforeEach
    void machineOfFourGigabytes() throws IOException {
        write("proc/meminfo", "MemTotal:        4194304 kB\nMemFree: 1 kB\n");
    }

    @Test
    void share_isOfWhatTheManagerLeaves_withOneMoreForASuccessor() {
        assertThat(ChildHeap.share(1_024 * MEGABYTE, 256 * MEGABYTE, 3)).isEqualTo(112 * MEGABYTE);
        assertThat(ChildHeap.share(4_096 * MEGABYTE, 1_024 * MEGABYTE, 1)).isEqualTo(1_440 * MEGABYTE);
        assertThat(ChildHeap.share(128 * MEGABYTE, 256 * MEGABYTE, 3)).isZero();
    }

    @Test
    void memory_withoutAnyLimit_isTheMachines() throws IOException {
        write("proc/self/cgroup", "0::/init.scope\n");
        write("cgroup/init.scope/memory.max", "max\n");

        assertThat(memory()).isEqualTo(4_096 * MEGABYTE);
    }

    @Test
    void memory_ofAService_isTheLeastLimitAroundIt() throws IOException {
        write("proc/self/cgroup", "0::/system.slice/app.service\n");
        write("cgroup/system.slice/memory.max", "536870912\n");
        write("cgroup/system.slice/app.service/memory.max", "1073741824\n");

        assertThat(memory()).isEqualTo(512 * MEGABYTE);
    }

    @Test
    void memory_inAContainer_isTheRootsLimit() throws IOException {
        write("proc/self/cgroup", "0::/\n");
        write("cgroup/memory.max", "268435456\n");

        assertThat(memory()).isEqualTo(256 * MEGABYTE);
    }

    @Test
    void memory_ofTheFirstVersion_isReadAsWell_alsoWhereItsPathIsAnothers() throws IOException {
        write("proc/self/cgroup", "5:devices:/x\n4:memory:/docker/1f\n");
        write("cgroup/memory/memory.limit_in_bytes", "268435456\n");

        assertThat(memory()).isEqualTo(256 * MEGABYTE);
    }

    @Test
    void memory_whereNothingIsKnown_isNoLimit() {
        assertThat(ChildHeap.memory(root.resolve("nowhere"), root)).isEqualTo(Long.MAX_VALUE);
    }

    private long memory() {
        return ChildHeap.memory(root.resolve("proc"), root.resolve("cgroup"));
    }

    private void write(String file, String text) throws IOException {
        var path = root.resolve(file);
        Files.createDirectories(path.getParent());
        Files.writeString(path, text);
    }
}
