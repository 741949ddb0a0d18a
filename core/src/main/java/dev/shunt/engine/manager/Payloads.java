package dev.shunt.engine.manager;

import dev.shunt.data.Codec;
import dev.shunt.data.Data;
import dev.shunt.ipc.Frame;
import dev.shunt.ipc.Payload;
import dev.shunt.ipc.PayloadArena;
import dev.shunt.ipc.PayloadFiles;
import dev.shunt.log.Log;
import dev.shunt.stats.Stats;
import dev.shunt.timer.Loop;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

/**
 * Writes data into payloads and reads it out of them, on the manager's main loop: small ones at once, large ones
 * through {@link PayloadFiles} by a thread of its own, so that the loop never waits for a disk, nor for memory to be
 * copied. What is said in one line, which is about one task or for one slot, keeps its order, a small payload behind a
 * large one too.
 */
final class Payloads {

    private final PayloadFiles files;
    private final Codec codec;
    private final Loop loop;
    private final Runnable idle;
    private final Executor disk;
    private int underWay;

    /** How many payloads of a line are on their way from or to the disk. */
    private final Map<Long, Integer> busyLines = new HashMap<>();

    /** The line of what keeps no order. */
    private static final long NONE = Long.MIN_VALUE;

    /**
     * @param disk on which files are read and written, one after the other
     * @param idle called on the loop when the last file of several has been read or written
     */
    Payloads(PayloadFiles files, Codec codec, Executor disk, Loop loop, Runnable idle) {
        this.files = files;
        this.codec = codec;
        this.disk = disk;
        this.loop = loop;
        this.idle = idle;
    }

    /** On the loop: no payload is on its way from or to the disk. */
    boolean isIdle() {
        return underWay == 0;
    }

    /** It travels in its frame, without a file. */
    static boolean isSmall(Data data) {
        return data.bytes().length < PayloadFiles.LARGE_BYTES;
    }

    /** The payload for the child of that pid, or what went wrong. */
    LoopFuture<Payload, String> pack(Data data, long child) {
        return pack(NONE, data, child);
    }

    /** As {@link #pack(Data, long)}, after all else of that line. */
    LoopFuture<Payload, String> pack(long line, Data data, long child) {
        return isSmall(data) && !isBusy(line)
                ? LoopFuture.of(packSmall(data, child))
                : onDisk(line, () -> files.pack(data, child));
    }

    /** As {@link #pack(Data, long)}, at once. */
    Payload packSmall(Data data, long child) {
        return files.packSmall(data, child);
    }

    /** What the payload has, or what went wrong; after all else of that line. */
    LoopFuture<Data, String> unpack(long line, Payload payload) {
        if (isBusy(line) || !payload.isSmall()) {
            return onDisk(line, () -> files.unpack(payload, codec));
        }
        if (payload instanceof Payload.Inline inline) {
            return LoopFuture.of(inline.data(codec));
        }
        try {
            return LoopFuture.of(files.unpack(payload, codec));
        } catch (RuntimeException e) {
            var failed = new LoopFuture<Data, String>();
            failed.fail(String.valueOf(e.getMessage()));
            return failed;
        }
    }

    /** The line of what is said about a task. */
    static long ofTask(long id) {
        return id;
    }

    /** The line of what a child submits, by its serial number. */
    static long ofChild(long serial) {
        return Long.MIN_VALUE / 2 + serial;
    }

    /** Something without a payload, after all else of that line. */
    void inLine(long line, Runnable action) {
        if (isBusy(line)) {
            onDisk(line, () -> line).then(_ -> action.run(), _ -> action.run());
        } else {
            action.run();
        }
    }

    /** The line of what is sent to a slot. */
    static long toSlot(int id) {
        return Frame.toSlot(id);
    }

    /** Nearly always none is, and then a line's number need not become an object. */
    private boolean isBusy(long line) {
        return !busyLines.isEmpty() && busyLines.containsKey(line);
    }

    private <T> LoopFuture<T, String> onDisk(long line, Supplier<T> work) {
        var future = new LoopFuture<T, String>();
        underWay++;
        if (line != NONE) {
            busyLines.merge(line, 1, Integer::sum);
        }
        Runnable reading = () -> {
            Runnable next;
            try {
                T done = work.get();
                next = () -> future.complete(done);
            } catch (UncheckedIOException e) {
                next = () -> future.fail(String.valueOf(e.getMessage()));
            } catch (RuntimeException | Error e) { // no room in memory for one; whoever waits must hear of it
                next = () -> future.fail(e.toString());
            }
            loop.execute(ended(line, next));
        };
        try {
            disk.execute(reading);
        } catch (RuntimeException | Error e) { // no thread, or no room in memory; whoever waits must hear of it
            loop.execute(ended(line, () -> future.fail(e.toString())));
        }
        return future;
    }

    private Runnable ended(long line, Runnable next) {
        return () -> {
            underWay--;
            busyLines.computeIfPresent(line, (_, count) -> count == 1 ? null : count - 1);
            try {
                next.run();
            } finally {
                if (underWay == 0) {
                    idle.run();
                }
            }
        };
    }

    /** From any thread. */
    Stats.Payloads stats() {
        return new Stats.Payloads(files.inMemory(), files.inFiles(), files.memoryBytes());
    }

    /** What the child of that pid shares with this process, until {@link #discardAll}. */
    void share(long child, PayloadArena arena) {
        files.share(child, arena);
    }

    /** Removes the file of a payload that nobody will read, or gives its memory back. */
    void discard(Payload payload) {
        if (!(payload instanceof Payload.Inline)) {
            logged(() -> disk.execute(() -> logged(() -> files.discard(payload))));
        }
    }

    /**
     * Removes all files from and for a child that is down, and the memory shared with it; what it has told of was queued
     * here before, and is read first.
     */
    void discardAll(long child) {
        logged(() -> disk.execute(() -> logged(() -> files.discardAll(child))));
    }

    private static void logged(Runnable action) {
        try {
            action.run();
        } catch (RuntimeException | Error e) { // no thread, or no room in memory; the next files can perhaps be removed
            Log.of(Payloads.class).warn("a payload's file stays until the program ends", e);
        }
    }
}
