package dev.shunt.ipc;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * What each slot of one child is doing: a file that the child writes and the manager reads whenever it likes, after a
 * SIGKILL too. Each slot's line has one writer at a time; {@link #read} and {@link #started} may be called from
 * anywhere. After {@link #close} every call throws {@link IllegalStateException}.
 *
 * <pre>
 *   header 64 bytes, with the horizon │ a line of 64 bytes per slot │ started ring: MAX_LEASES longs
 * </pre>
 */
@SuppressWarnings("EnumOrdinal") // both ends are the same build, so an ordinal is the same number on both
public final class SlotTable implements AutoCloseable {

    // How a reader is never lied to, wherever a kill or a preemption stops the writer:
    //   starting: fields ── release ──► RUNS_STARTED        ended: RUNS_ENDED ── store fence ──► next run's fields
    //   read:     RUNS_ENDED ── acquire ──► RUNS_STARTED ── acquire ──► fields ── load fence ──► RUNS_ENDED again
    // A slot runs while more runs have started than ended. The fields of run n change only after RUNS_ENDED reached n,
    // so
    // fields read between two equal values of RUNS_ENDED belong to one run; half-written ones are not looked at,
    // because
    // their RUNS_STARTED is not there yet. The ring is written before all of it: a lease that is not in the ring has
    // run
    // no code (lease + 1 is written, 0 means none). Memory written before a kill is in the page cache, which is what
    // the
    // manager has mapped.

    /** Most leases that may be outstanding in one child. */
    public static final int MAX_LEASES = 4096;

    private static final int HORIZON = 16;
    private static final long MAGIC = 0x5348_554e_5453_4c31L;
    private static final int LINE_BYTES = 64;
    private static final int LEASE = 0;
    private static final int SUBJECT = 8;
    private static final int KIND = 16;
    private static final int ATTEMPT = 20;
    private static final int STARTED_AT = 24;
    private static final int RUNS_STARTED = 32;
    private static final int RUNS_ENDED = 40;

    private static final VarHandle LONG = ValueLayout.JAVA_LONG.varHandle();
    private static final VarHandle INT = ValueLayout.JAVA_INT.varHandle();
    private static final WorkKind[] KINDS = WorkKind.values();

    private final int slots;
    private final long ring;
    private final Arena arena = Arena.ofShared();
    private final MemorySegment memory;

    private SlotTable(FileChannel file, int slots) throws IOException {
        this.slots = slots;
        this.ring = (long) LINE_BYTES * (1 + slots);
        this.memory = file.map(MapMode.READ_WRITE, 0, bytes(slots), arena);
    }

    /** Makes the file; the manager does so before the child starts. */
    public static SlotTable create(Path path, int slots) {
        if (slots < 1) {
            throw new IllegalArgumentException("a slot table for " + slots + " slots");
        }
        try (var file = FileChannel.open(
                path, StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            // Written out, not left sparse: a full disk is an IOException here, and would be a SIGBUS in a child.
            var zeros = ByteBuffer.allocate(Math.toIntExact(bytes(slots)));
            zeros.putLong(MAGIC).putInt(slots).rewind();
            while (zeros.hasRemaining()) {
                file.write(zeros);
            }
            return new SlotTable(file, slots);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot make the slot table " + path + ": " + e.getMessage(), e);
        }
    }

    /** Maps the file that the manager made. */
    public static SlotTable open(Path path) {
        try (var file = FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            var header = ByteBuffer.allocate(LINE_BYTES);
            file.read(header, 0);
            header.flip();
            if (header.remaining() < LINE_BYTES || header.getLong() != MAGIC) {
                throw new IOException("not a slot table");
            }
            int slots = header.getInt();
            if (slots < 1 || file.size() != bytes(slots)) {
                throw new IOException(file.size() + " bytes for " + slots + " slots");
            }
            return new SlotTable(file, slots);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot open the slot table " + path + ": " + e.getMessage(), e);
        }
    }

    public int slots() {
        return slots;
    }

    /**
     * The child, before it runs any code of the lease. Outstanding leases differ modulo {@link #MAX_LEASES}.
     *
     * @param nanos by the monotonic clock, which is the same in all processes of a machine
     */
    public void starting(int slot, long lease, WorkKind kind, long subject, int attempt, long nanos) {
        LONG.setRelease(memory, ring + ringOffset(lease), lease + 1);
        VarHandle.storeStoreFence();
        startingOwn(slot, lease, kind, subject, attempt, nanos);
    }

    /** As {@link #starting}, of what nobody has leased: {@link #started} knows nothing of it. */
    public void startingOwn(int slot, long lease, WorkKind kind, long subject, int attempt, long nanos) {
        long line = line(slot);
        LONG.setOpaque(memory, line + LEASE, lease);
        LONG.setOpaque(memory, line + SUBJECT, subject);
        INT.setOpaque(memory, line + KIND, kind.ordinal());
        INT.setOpaque(memory, line + ATTEMPT, attempt);
        LONG.setOpaque(memory, line + STARTED_AT, nanos);
        LONG.setRelease(memory, line + RUNS_STARTED, 1 + (long) LONG.getOpaque(memory, line + RUNS_STARTED));
        VarHandle.storeStoreFence();
    }

    /** The child, after the lease's code has ended. */
    public void ended(int slot) {
        long line = line(slot);
        LONG.setRelease(memory, line + RUNS_ENDED, 1 + (long) LONG.getOpaque(memory, line + RUNS_ENDED));
        VarHandle.storeStoreFence();
    }

    /**
     * Whether the lease ever started. Exact once the child is dead, as long as outstanding leases differ modulo
     * {@link #MAX_LEASES} and numbers grow; a lease overtaken by a later one with its remainder counts as started,
     * since to report one lost is better than to run it twice.
     */
    public boolean started(long lease) {
        return (long) LONG.getAcquire(memory, ring + ringOffset(lease)) > lease;
    }

    /** The manager: until when what nodes share may run in the child, by the monotonic clock; 0 for ever. */
    public void horizon(long nanos) {
        LONG.setRelease(memory, HORIZON, nanos);
    }

    public long horizon() {
        return (long) LONG.getAcquire(memory, HORIZON);
    }

    /** What the slot does now, or did when its child was killed. */
    public SlotState read(int slot) {
        long line = line(slot);
        while (true) {
            long ended = (long) LONG.getAcquire(memory, line + RUNS_ENDED);
            long started = (long) LONG.getAcquire(memory, line + RUNS_STARTED);
            var running = new SlotState.Running(
                    (long) LONG.getOpaque(memory, line + LEASE),
                    KINDS[(int) INT.getOpaque(memory, line + KIND)],
                    (long) LONG.getOpaque(memory, line + SUBJECT),
                    (int) INT.getOpaque(memory, line + ATTEMPT),
                    (long) LONG.getOpaque(memory, line + STARTED_AT),
                    ended);
            VarHandle.loadLoadFence();
            if ((long) LONG.getOpaque(memory, line + RUNS_ENDED) == ended) {
                return started == ended ? new SlotState.Idle(ended) : running;
            }
            Thread.onSpinWait();
        }
    }

    @Override
    public void close() {
        arena.close();
    }

    private long line(int slot) {
        if (slot < 0 || slot >= slots) {
            throw new IndexOutOfBoundsException("slot " + slot + " of " + slots);
        }
        return (long) LINE_BYTES * (1 + slot);
    }

    private static long ringOffset(long lease) {
        return (lease & (MAX_LEASES - 1)) * Long.BYTES;
    }

    private static long bytes(int slots) {
        return (long) LINE_BYTES * (1 + slots) + (long) MAX_LEASES * Long.BYTES;
    }

    /** One slot at one moment. */
    public sealed interface SlotState {

        /** Runs that have ended on this slot in this child. */
        long runsEnded();

        record Idle(long runsEnded) implements SlotState {}

        /** @param subject the task or the connection */
        record Running(long lease, WorkKind kind, long subject, int attempt, long startedAtNanos, long runsEnded)
                implements SlotState {}
    }
}
