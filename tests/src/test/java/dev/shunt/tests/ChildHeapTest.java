package dev.shunt.tests;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.OperatingSystemMXBean;
import dev.shunt.testing.Launch;
import dev.shunt.testing.LineClient;
import dev.shunt.testing.Program;
import dev.shunt.tests.programs.HeapTeller;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The heap of a child is its share of what the machine or container has. */
@Tag("processes")
class ChildHeapTest {

    /** What the collector calls its heap's maximum is up to a survivor space less. */
    private static final int LESS = 10;

    @Test
    void child_hasItsShare_andHalfAGigabyteAtMost() {
        try (var program = Program.start(Launch.of(HeapTeller.class).withOptions("-Xmx64m"));
                var client = new LineClient(program.port())) {
            long plenty = memoryMegabytes() > 3_000 ? 512 : 48;
            assertThat(Long.parseLong(client.ask("?"))).isBetween(plenty * (100 - LESS) / 100, 512L);
            assertThat(program.complaints()).isEmpty();
        }
    }

    @Test
    void child_whereTheManagerTakesAll_hasLittle_andTheLogSaysSo() {
        var launch = Launch.of(HeapTeller.class).withOptions("-Xms16m", "-Xmx" + memoryMegabytes() + "m");
        try (var program = Program.start(launch);
                var client = new LineClient(program.port())) {
            assertThat(Long.parseLong(client.ask("?"))).isBetween(48L * (100 - LESS) / 100, 48L);
            program.awaitLine("are too few for 2 children beside a manager");
        }
    }

    private static long memoryMegabytes() {
        var system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        return system.getTotalMemorySize() >> 20;
    }
}
