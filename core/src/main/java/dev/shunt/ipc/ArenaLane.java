package dev.shunt.ipc;

import dev.shunt.log.Log;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/**
 * One direction of a {@link PayloadArena}: blocks that its sender hands out, the lowest first, so that what is in use at once
 * stays in the processor's caches, and that its receiver gives back with one write to shared memory. Safe for any thread.
 */
final class ArenaLane {

    // The word of a payload's first block: the payload's ticket while it is there, else 0.
    //   put:       word set ── copy in ── release fence ──► a frame says where (till then all is the sender's alone)
    //   take:      a frame ──► word is its ticket ── copy out ──► word from ticket to 0
    //   put again: word is 0, acquire ──► the blocks are free
    // A ticket is never used twice, so that of two who take or release the same payload one changes nothing. A sender
    // that is killed between two steps loses what it has not told of; a receiver that is killed takes its arena along.
    //
    // Memory is taken from the file system by writing zeros to the file before a block is used for the first time:
    // then there is room for it as long as the file lives, and a full file system is an IOException. Touched unwritten
    // it would be a SIGBUS, in whichever process came first.

    private static final int COUNT_BITS = 16;
    static final int BLOCK_BYTES = 16 << 10;

    /** A look at so many payloads costs about as much as the copy of a small one. */
    private static final int PER_RECLAIM = 16;

    /** So many payloads go another way before a file system that had no room is asked again. */
    private static final int PER_FAILURE = 1_000;

    /** In one direction. */
    static final int MOST_BLOCKS = (1 << COUNT_BITS) - 1;

    private static final VarHandle LONG = ValueLayout.JAVA_LONG.varHandle();
    private static final Logger LOG = Log.of(ArenaLane.class);
    private static final byte[] ZEROS = new byte[BLOCK_BYTES];

    private final PayloadArena arena;
    private final MemorySegment memory;
    private final int first;
    private final int blocks;

    // The sender's alone.
    private final BitSet used = new BitSet();
    private final int[] counts;
    private long tickets;
    private int taken;
    private boolean saidFull;
    private int untilReclaim;
    private int untilAsked;

    /** @param first of its blocks, which are counted in both directions */
    ArenaLane(PayloadArena arena, int first) {
        this.arena = arena;
        this.memory = arena.memory();
        this.first = first;
        this.blocks = arena.blocks();
        this.counts = new int[blocks];
    }

    /** Where a payload is, and the word that says that it is there. */
    record Place(int block, long ticket) {

        int count() {
            return (int) (ticket & MOST_BLOCKS);
        }
    }

    /** The sender: copies a payload in; null if there is no room. */
    @Nullable Place put(byte[] bytes) {
        Place place = reserve((int) ((bytes.length + BLOCK_BYTES - 1L) / BLOCK_BYTES));
        if (place != null) {
            MemorySegment.copy(bytes, 0, memory, ValueLayout.JAVA_BYTE, arena.start(place.block()), bytes.length);
            VarHandle.releaseFence();
        }
        return place;
    }

    /** The receiver: copies a payload out, and gives its blocks back. */
    byte[] take(Place place, int length) {
        check(place, length);
        if ((long) LONG.getAcquire(memory, PayloadArena.word(place.block())) == place.ticket()) {
            var bytes = new byte[length];
            MemorySegment.copy(memory, ValueLayout.JAVA_BYTE, arena.start(place.block()), bytes, 0, length);
            if (release(place)) {
                return bytes;
            }
        }
        String problem = "cannot take " + length + " bytes out of shared memory at block " + place.block()
                + ": they are gone, taken already";
        throw new UncheckedIOException(problem, new IOException(problem));
    }

    /** Either end; false if it was given back before. */
    boolean release(Place place) {
        check(place, 0);
        return LONG.compareAndSet(memory, PayloadArena.word(place.block()), place.ticket(), 0L);
    }

    /** It comes from the other end of a socket. */
    private void check(Place place, int length) {
        int from = place.block() - first;
        if (from < 0 || length < 0 || from > blocks - place.count() || length > (long) place.count() * BLOCK_BYTES) {
            throw new IllegalArgumentException(
                    length + " bytes at " + place + " are no payload of " + blocks + " blocks");
        }
    }

    private synchronized @Nullable Place reserve(int count) {
        if (--untilReclaim < 0) {
            reclaim();
        }
        int from = free(count);
        if (from < 0 || from + count > taken) {
            reclaim();
            from = free(count);
        }
        if (from < 0 || !grow(from + count)) {
            return null;
        }
        used.set(from, from + count);
        counts[from] = count;
        var place = new Place(first + from, ++tickets << COUNT_BITS | count);
        LONG.setRelease(memory, PayloadArena.word(place.block()), place.ticket());
        return place;
    }

    /** What has been given back since; not for each payload if there are many. */
    private void reclaim() {
        int there = 0;
        for (int block = used.nextSetBit(0); block >= 0; ) {
            int next = block + counts[block];
            if ((long) LONG.getAcquire(memory, PayloadArena.word(first + block)) == 0) {
                used.clear(block, next);
            } else {
                there++;
            }
            block = used.nextSetBit(next);
        }
        untilReclaim = there / PER_RECLAIM;
    }

    /** The first so many free blocks in a row; -1 if there are none. */
    private int free(int count) {
        int from = 0;
        while (from + count <= blocks) {
            int end = used.nextSetBit(from);
            if (end < 0 || end - from >= count) {
                return from;
            }
            from = used.nextClearBit(end);
        }
        return -1;
    }

    /** There is memory for the first so many blocks; a file system without room is asked again after a while. */
    private boolean grow(int count) {
        if (taken < count && --untilAsked >= 0) {
            return false;
        }
        try {
            while (taken < count) {
                arena.fill(first + taken, ZEROS);
                taken++;
                LONG.setOpaque(memory, PayloadArena.taken(first), (long) taken * BLOCK_BYTES);
            }
            return true;
        } catch (IOException e) {
            untilAsked = PER_FAILURE;
            if (!saidFull) {
                saidFull = true;
                LOG.info(
                        "there is no more room for payloads in shared memory, of which {} bytes are taken; others travel as"
                                + " files: {}",
                        (long) taken * BLOCK_BYTES,
                        e.toString());
            }
            return false;
        }
    }
}
