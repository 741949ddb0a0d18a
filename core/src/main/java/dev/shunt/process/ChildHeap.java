package dev.shunt.process;

import dev.shunt.log.Log;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;
import java.util.stream.Stream;

/**
 * How large the heap of a child may become, unless its group says so: its share of what the machine, or the container or
 * service that it is in, leaves to all children, and one more for whoever takes another's place; at most 512 MB. JVMs reckon
 * each for itself, so that several of them would want more than there is.
 */
final class ChildHeap {

    static final long MEGABYTE = 1 << 20;

    static final long MOST = 512 * MEGABYTE;

    /** Enough for Netty, Jackson and a small task. */
    static final long LEAST = 48 * MEGABYTE;

    /** What a JVM takes beside its heap: classes, compiled code, stacks, buffers. */
    static final long BESIDE = 64 * MEGABYTE;

    private static final Path CGROUPS = Path.of("/sys/fs/cgroup");

    private ChildHeap() {}

    /** In this process, which is the manager, with so many children, that share so much memory with it for payloads. */
    static long bytes(int children, long shared) {
        long memory = memory() - shared;
        long heap = Runtime.getRuntime().maxMemory();
        long share = share(memory, heap, children);
        if (share < LEAST) {
            Log.of(ChildHeap.class)
                    .warn(
                            "{} MB of memory are too few for {} children beside a manager whose heap may have {} MB; each gets"
                                    + " {} MB: give the manager less with -Xmx, or have fewer processes",
                            memory / MEGABYTE,
                            children,
                            heap / MEGABYTE,
                            LEAST / MEGABYTE);
        }
        return Math.clamp(share, LEAST, MOST);
    }

    /** As the other one, of this process. */
    static long memory() {
        return memory(Path.of("/proc"), CGROUPS);
    }

    /** Of whole megabytes. */
    static long share(long memory, long managerHeap, int children) {
        long left = memory - managerHeap - BESIDE;
        long each = left / (children + 1) - BESIDE;
        return Math.max(0, each / MEGABYTE * MEGABYTE);
    }

    /**
     * What this process and its children may have together: the least of what the machine has, and of the limits of the control
     * groups around it.
     */
    static long memory(Path proc, Path cgroups) {
        long machine = machine(proc.resolve("meminfo"));
        return limits(proc.resolve("self/cgroup"), cgroups)
                .filter(limit -> limit > 0)
                .reduce(machine, Math::min);
    }

    private static long machine(Path meminfo) {
        try (var lines = Files.lines(meminfo)) {
            return lines.filter(line -> line.startsWith("MemTotal:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) << 10)
                    .findFirst()
                    .orElse(Long.MAX_VALUE);
        } catch (IOException | RuntimeException e) {
            Log.of(ChildHeap.class).debug("no {}", meminfo, e);
            return Long.MAX_VALUE;
        }
    }

    /** {@code 0::/system.slice/app.service} of version 2, {@code 4:memory:/docker/1f} of version 1. */
    private static Stream<Long> limits(Path own, Path cgroups) {
        try {
            return Files.readAllLines(own).stream()
                    .map(line -> line.split(":", 3))
                    .filter(parts -> parts.length == 3)
                    .flatMap(parts -> parts[1].isEmpty()
                            ? limits(cgroups, parts[2], "memory.max")
                            : parts[1].equals("memory")
                                    ? limits(cgroups.resolve("memory"), parts[2], "memory.limit_in_bytes")
                                    : Stream.empty());
        } catch (IOException e) {
            Log.of(ChildHeap.class).debug("no {}", own, e);
            return Stream.empty();
        }
    }

    /** Of the group and all above it; in a container its path may not be there, and its limit is the root's. */
    private static Stream<Long> limits(Path root, String path, String file) {
        var group = root.resolve(path.substring(1)).normalize();
        return Stream.iterate(group, above -> above != null && above.startsWith(root), Path::getParent)
                .map(above -> limit(above.resolve(file)))
                .flatMapToLong(OptionalLong::stream)
                .boxed();
    }

    private static OptionalLong limit(Path file) {
        try {
            return OptionalLong.of(Long.parseLong(Files.readString(file).strip()));
        } catch (IOException | NumberFormatException e) { // "max", or no such group
            Log.of(ChildHeap.class).trace("no limit in {}", file, e);
            return OptionalLong.empty();
        }
    }
}
