package dev.shunt.process;

import dev.shunt.ipc.PayloadArena;
import dev.shunt.log.Log;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Objects;
import java.util.Optional;
import org.slf4j.Logger;

/**
 * Memory for large payloads: each child's part of what all may have, in files of the system's memory that {@link RunFiles}
 * names. Without such a file system, or without room in it, there is none, and payloads travel as files.
 */
final class PayloadMemory {

    private static final Logger LOG = Log.of(PayloadMemory.class);

    private static final FileAttribute<?> OWN_ONLY =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

    /** Of the memory that there is, unless the program says how much. */
    private static final int SHARE = 16;

    private static final long MOST = 1L << 30;

    /** Of the file system: the rest is for others who use it. In a container it often has 64 MB. */
    private static final int SHARE_OF_FILE_SYSTEM = 2;

    /** The least that is of use, for a child in one direction. */
    private static final long LEAST = 1 << 20;

    private final Path directory;
    private final long bytes;
    private final long bytesEachWay;
    private boolean made;

    private PayloadMemory(Path directory, long bytes, int children) {
        this.directory = directory;
        this.bytes = bytes;
        long each = bytes / 2 / (children + 1); // a child that is replaced lives beside its successor
        this.bytesEachWay = each < LEAST ? 0 : each;
    }

    /**
     * @param bytes that all children may have, or {@link ChildProgram#SHARE}
     * @param children at the start; those that come later have as much each
     */
    static PayloadMemory of(RunFiles files, long bytes, int children) {
        var directory = files.arenas();
        return new PayloadMemory(directory, bytes == ChildProgram.SHARE ? usual(directory) : bytes, children);
    }

    private static long usual(Path directory) {
        long machine = ChildHeap.memory() / SHARE;
        var place = Objects.requireNonNull(directory.getParent());
        long there = place.toFile().getTotalSpace() / SHARE_OF_FILE_SYSTEM;
        return Math.min(MOST, Math.min(machine, there));
    }

    /** That all may have. */
    long bytes() {
        return bytesEachWay == 0 ? 0 : bytes;
    }

    /** One that is there before is another user's, who waits for what is put into it. A cleaner may remove ours. */
    private void make() throws IOException {
        if (!made || Files.notExists(directory)) {
            Files.createDirectory(directory, OWN_ONLY);
            made = true;
        }
    }

    /** That of a child that is to be started; empty if there is no room. */
    Optional<PayloadArena> create(Path file) {
        if (bytesEachWay == 0) {
            return Optional.empty();
        }
        try {
            make();
            return Optional.of(PayloadArena.create(file, bytesEachWay));
        } catch (IOException e) {
            LOG.warn("large payloads travel as files, for there is no memory to share at {}: {}", file, e.toString());
            return Optional.empty();
        }
    }
}
