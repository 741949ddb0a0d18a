package dev.shunt.engine;

import dev.shunt.data.Codec;
import dev.shunt.data.Data;
import dev.shunt.ipc.Parcel;
import dev.shunt.ipc.Spool;
import dev.shunt.netty.Loop;
import java.io.UncheckedIOException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.LoggerFactory;

/**
 * Payloads into parcels and out of them on the manager's main loop: small ones at once, large ones through files that a
 * thread of its own reads and writes, so that the loop never waits for a disk.
 */
final class Parcels implements AutoCloseable {

    private final Spool spool;
    private final Loop loop;
    private final Runnable idle;
    private final ExecutorService disk = Executors.newSingleThreadExecutor(
            Thread.ofPlatform().daemon().name("shunt-spool").factory());
    private int underWay;

    /** @param idle called on the loop when the last file of several has been read or written */
    Parcels(Spool spool, Loop loop, Runnable idle) {
        this.spool = spool;
        this.loop = loop;
        this.idle = idle;
    }

    /** On the loop: no payload is on its way from or to the disk. */
    boolean isIdle() {
        return underWay == 0;
    }

    /** Goes on with the parcel for the child of that pid, or with what went wrong. */
    void pack(Data data, long child, Consumer<Parcel> then, Consumer<String> otherwise) {
        if (data.bytes().length < Spool.LARGE_BYTES) {
            then.accept(Parcel.inline(data));
        } else {
            onDisk(() -> spool.pack(data, child), then, otherwise);
        }
    }

    /** Goes on with the payload, or with what went wrong. */
    void unpack(Parcel parcel, Consumer<Data> then, Consumer<String> otherwise) {
        if (parcel instanceof Parcel.Inline inline) {
            then.accept(inline.data(Codec.json()));
        } else {
            onDisk(() -> spool.unpack(parcel, Codec.json()), then, otherwise);
        }
    }

    private <T> void onDisk(Supplier<T> work, Consumer<T> then, Consumer<String> otherwise) {
        underWay++;
        disk.execute(() -> {
            Runnable next;
            try {
                T done = work.get();
                next = () -> then.accept(done);
            } catch (UncheckedIOException e) {
                next = () -> otherwise.accept(String.valueOf(e.getMessage()));
            }
            loop.execute(ended(next));
        });
    }

    private Runnable ended(Runnable next) {
        return () -> {
            underWay--;
            next.run();
            if (underWay == 0) {
                idle.run();
            }
        };
    }

    /** Removes the file of a parcel that nobody will read. */
    void discard(Parcel parcel) {
        if (!(parcel instanceof Parcel.Inline)) {
            disk.execute(() -> logged(() -> spool.discard(parcel)));
        }
    }

    /** Removes all files from and for a child that is down; what it has told of was queued here before, and is read first. */
    void discardAll(long child) {
        disk.execute(() -> logged(() -> spool.discardAll(child)));
    }

    private static void logged(Runnable action) {
        try {
            action.run();
        } catch (UncheckedIOException e) {
            LoggerFactory.getLogger(Parcels.class).warn("a payload's file stays until the program ends", e);
        }
    }

    @Override
    public void close() {
        disk.shutdown();
    }
}
