package dev.shunt.tests;

import dev.shunt.testing.Program;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * How much the resident memory of each process of a program has grown at its peak: heap, direct memory, buffers and all
 * else, as Linux counts.
 */
record MemoryPeak(Map<Long, Long> before) {

    /** From now on. */
    static MemoryPeak of(Program program) {
        return new MemoryPeak(Stream.concat(
                        Stream.of(program.pid()), program.children().stream().map(ProcessHandle::pid))
                .collect(Collectors.toMap(pid -> pid, pid -> {
                    forget(pid);
                    return bytes(pid, "VmRSS:");
                })));
    }

    /** By process. */
    Map<Long, Long> growth() {
        return before.entrySet().stream()
                .collect(Collectors.toMap(Map.Entry::getKey, idle -> bytes(idle.getKey(), "VmHWM:") - idle.getValue()));
    }

    /** Earlier peaks. */
    private static void forget(long pid) {
        try {
            Files.writeString(Path.of("/proc", Long.toString(pid), "clear_refs"), "5");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static long bytes(long pid, String line) {
        try (var lines = Files.lines(Path.of("/proc", Long.toString(pid), "status"))) {
            String kilobytes = lines.filter(text -> text.startsWith(line))
                    .findFirst()
                    .orElseThrow()
                    .replaceAll("[^0-9]", "");
            return Long.parseLong(kilobytes) << 10;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
