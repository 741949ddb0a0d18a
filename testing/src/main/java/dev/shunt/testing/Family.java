package dev.shunt.testing;

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
            return read(process, "environ").contains(VARIABLE + "=" + mark);
        } catch (IOException e) {
            return false; // another user's, or gone meanwhile
        }
    }

    /**
     * Whether it is a process on its way to the program that it will run: still a copy of its parent, or the JDK's helper.
     * Its parent waits for it, and would hang if it were stopped.
     */
    static boolean isBeingStarted(ProcessHandle process) {
        try {
            String command = read(process, "cmdline");
            return command.contains("jspawnhelper") || isCopyOfItsParent(process, command);
        } catch (IOException e) {
            return false; // gone meanwhile, which is the caller's to see
        }
    }

    /** A child that was given a program of its own has another environment, if not another command line as well. */
    private static boolean isCopyOfItsParent(ProcessHandle process, String command) throws IOException {
        var parent = process.parent();
        return parent.isPresent()
                && command.equals(read(parent.get(), "cmdline"))
                && read(process, "environ").equals(read(parent.get(), "environ"));
    }

    private static String read(ProcessHandle process, String file) throws IOException {
        return Files.readString(Path.of("/proc", Long.toString(process.pid()), file), StandardCharsets.ISO_8859_1);
    }

    private static Instant started(ProcessHandle process) {
        return process.info().startInstant().orElse(Instant.EPOCH);
    }
}
