package dev.shunt.ipc;

import dev.shunt.data.Data;
import dev.shunt.files.PrivateFile;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Memory for the large payloads between the manager and one child, mapped by both: one half for each direction. Its file is
 * unlinked once both have it, so that it ends with whoever has it mapped last. Safe for any thread; after {@link #close} every
 * call throws {@link IllegalStateException}.
 *
 * <pre>
 *   header 64 bytes │ a word per block, to the child │ … to the manager │ blocks to the child │ blocks to the manager
 * </pre>
 */
public final class PayloadArena implements AutoCloseable {

    private static final long MAGIC = 0x5348_554e_5441_5231L;
    private static final int HEADER_BYTES = 64;
    private static final int OPENED = 16;
    private static final int TAKEN = 24;
    private static final int PAGE_BYTES = 4096;

    private static final VarHandle LONG = ValueLayout.JAVA_LONG.varHandle();

    private final RandomAccessFile file;
    private final Arena arena = Arena.ofShared();
    private final MemorySegment memory;
    private final int blocks;
    private final ArenaLane toChild;
    private final ArenaLane toManager;
    private final boolean isManager;
    private boolean closed;

    private PayloadArena(RandomAccessFile file, int blocks, boolean isManager) throws IOException {
        this.file = file;
        this.blocks = blocks;
        this.isManager = isManager;
        this.memory = file.getChannel().map(MapMode.READ_WRITE, 0, bytes(blocks), arena);
        this.toChild = new ArenaLane(this, 0);
        this.toManager = new ArenaLane(this, blocks);
    }

    /**
     * Makes the file; the manager does so before the child starts. Nearly all of it is a hole at first: a sender takes memory
     * from its file system as it needs it.
     *
     * @param bytesEachWay of payloads; rounded down to whole blocks
     * @throws IOException if there is no room for its head, or no such file can be made; none is left
     */
    public static PayloadArena create(Path path, long bytesEachWay) throws IOException {
        int blocks = (int) Math.min(ArenaLane.MOST_BLOCKS, bytesEachWay / ArenaLane.BLOCK_BYTES);
        PrivateFile.create(path).close();
        var file = new RandomAccessFile(path.toFile(), "rw");
        try {
            // Written out, not left a hole: a full file system is an IOException here, and would be a SIGBUS later.
            file.write(new byte[Math.toIntExact(head(blocks))]);
            file.seek(0);
            file.writeLong(MAGIC);
            file.writeInt(blocks);
            return new PayloadArena(file, blocks, true);
        } catch (IOException | RuntimeException | Error e) {
            file.close();
            Files.deleteIfExists(path);
            throw e;
        }
    }

    /** Maps the file that the manager made, and unlinks it. */
    public static PayloadArena open(Path path) throws IOException {
        var file = new RandomAccessFile(path.toFile(), "rw");
        try {
            long magic = file.readLong();
            int blocks = file.readInt();
            if (magic != MAGIC || blocks < 1 || file.length() != bytes(blocks)) {
                throw new IOException(path + " is no memory for payloads");
            }
            var arena = new PayloadArena(file, blocks, false);
            Files.delete(path);
            LONG.setRelease(arena.memory, OPENED, 1L);
            return arena;
        } catch (IOException | RuntimeException | Error e) {
            file.close();
            throw e;
        }
    }

    /**
     * Copies a payload into memory, for the other end to take.
     *
     * @param child the pid of the child whose memory it is
     * @return null if there is no room, or the other end has not mapped it yet
     */
    Payload.@Nullable InArena put(Data.Kind kind, byte[] bytes, long child) {
        if ((long) LONG.getAcquire(memory, OPENED) == 0) {
            return null;
        }
        var lane = isManager ? toChild : toManager;
        var place = lane.put(bytes);
        return place == null ? null : new Payload.InArena(kind, child, place.block(), bytes.length, place.ticket());
    }

    /**
     * Copies a payload out of memory, and gives that back to its sender.
     *
     * @throws UncheckedIOException if it is not there, for one because it was taken before
     */
    byte[] take(Payload.InArena payload) {
        return (isManager ? toManager : toChild).take(place(payload), payload.length());
    }

    /** Gives back the memory of a payload that nobody will take; if it was given back before it does nothing. */
    void release(Payload.InArena payload) {
        (payload.block() < blocks ? toChild : toManager).release(place(payload));
    }

    private static ArenaLane.Place place(Payload.InArena payload) {
        return new ArenaLane.Place(payload.block(), payload.ticket());
    }

    /** Bytes that it has of its file system, in both directions: as many as were in use at once. */
    synchronized long taken() {
        return closed ? 0 : (long) LONG.getOpaque(memory, taken(0)) + (long) LONG.getOpaque(memory, taken(blocks));
    }

    @Override
    public synchronized void close() {
        closed = true;
        arena.close();
        try {
            file.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    int blocks() {
        return blocks;
    }

    MemorySegment memory() {
        return memory;
    }

    /** Not through a channel: one that a thread is interrupted in is closed for all. */
    void fill(int block, byte[] bytes) throws IOException {
        synchronized (file) {
            file.seek(start(block));
            file.write(bytes);
        }
    }

    /** Where the sender of a lane that begins with this block says how much memory it has taken. */
    static long taken(int first) {
        return first == 0 ? TAKEN : TAKEN + Long.BYTES;
    }

    /** Where the word of a block is; blocks to the manager are counted behind those to the child. */
    static long word(int block) {
        return HEADER_BYTES + (long) block * Long.BYTES;
    }

    /** Where a block begins. */
    long start(int block) {
        return head(blocks) + (long) block * ArenaLane.BLOCK_BYTES;
    }

    private static long head(int blocks) {
        long bytes = word(2 * blocks);
        return (bytes + PAGE_BYTES - 1) / PAGE_BYTES * PAGE_BYTES;
    }

    private static long bytes(int blocks) {
        return head(blocks) + 2L * blocks * ArenaLane.BLOCK_BYTES;
    }
}
