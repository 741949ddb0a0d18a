package dev.shunt.process;

import dev.shunt.ipc.PayloadArena;
import dev.shunt.log.Log;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.slf4j.Logger;

/**
 * Memory for large payloads: each child's part of what all may have, in files of the system's memory that {@link RunFiles}
 * names. Without such a file system, or without room in it, there is none, and payloads travel as files.
 */
final class PayloadMemory {

    private static final Logger LOG = Log.of(PayloadMemory.class);

    /** Of the memory that there is, unless the program says how much. */
    private static final int SHARE = 16;

    private static final long MOST = 1L << 30;

    /** Of the file system: the rest is for others who use it. In a container it often has 64 MB. */
    private static final int SHARE_OF_FILE_SYSTEM = 2;

    /** The least that is of use, for a child in one direction. */
    private static final long LEAST = 1 << 20;

    private final long bytes;
    private final long bytesEachWay;

    private PayloadMemory(long bytes, int children) {
        this.bytes = bytes;
        long each = bytes / 2 / (children + 1); // a child that is replaced lives beside its successor
        this.bytesEachWay = each < LEAST ? 0 : each;
    }

    /**
     * @param bytes that all children may have, or {@link ChildProgram#SHARE}
     * @param children at the start; those that come later have as much each
     */
    static PayloadMemory of(long bytes, int children) {
        return new PayloadMemory(bytes == ChildProgram.SHARE ? usual() : bytes, children);
    }

    private static long usual() {
        long machine = ChildHeap.memory() / SHARE;
        long there = RunFiles.MEMORY.toFile().getTotalSpace() / SHARE_OF_FILE_SYSTEM;
        return Math.min(MOST, Math.min(machine, there));
    }

    /** That all may have. */
    long bytes() {
        return bytesEachWay == 0 ? 0 : bytes;
    }

    /** That of a child that is to be started; empty if there is no room. */
    Optional<PayloadArena> create(Path file) {
        if (bytesEachWay == 0) {
            return Optional.empty();
        }
        try {
            return Optional.of(PayloadArena.create(file, bytesEachWay));
        } catch (IOException e) {
            LOG.warn("large payloads travel as files, for there is no memory to share at {}: {}", file, e.toString());
            return Optional.empty();
        }
    }
}
