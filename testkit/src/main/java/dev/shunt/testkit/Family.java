package dev.shunt.testkit;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;

/**
 * All processes that descend from one program, found by a mark in the environment they inherit: also those whose parent is
 * gone, which a search through parents would miss. Needs Linux's {@code /proc}.
 */
final class Family {

    static final String VARIABLE = "SHUNT_TESTKIT_FAMILY";

    private final String mark = UUID.randomUUID().toString();

    String mark() {
        return mark;
    }

    /** Those alive, oldest first. A zombie has no environment any more, and does not count. */
    List<ProcessHandle> members() {
        return ProcessHandle.allProcesses()
                .filter(this::isMember)
                .sorted(Comparator.comparing(Family::started).thenComparingLong(ProcessHandle::pid))
                .toList();
    }

    private boolean isMember(ProcessHandle process) {
        try {
            return Files.readString(environment(process), StandardCharsets.ISO_8859_1)
                    .contains(VARIABLE + "=" + mark);
        } catch (IOException e) {
            return false; // another user's, or gone meanwhile
        }
    }

    private static Path environment(ProcessHandle process) {
        return Path.of("/proc", Long.toString(process.pid()), "environ");
    }

    private static Instant started(ProcessHandle process) {
        return process.info().startInstant().orElse(Instant.EPOCH);
    }
}
