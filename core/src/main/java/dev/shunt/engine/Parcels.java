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
import org.slf4j.LoggerFactory;

/**
 * Payloads into parcels and out of them on the manager's main loop: small ones at once, large ones through files that a
 * thread of its own reads and writes, so that the loop never waits for a disk.
 */
final class Parcels implements AutoCloseable {

    private final Spool spool;
    private final Loop loop;
    private final ExecutorService disk = Executors.newSingleThreadExecutor(
            Thread.ofPlatform().daemon().name("shunt-spool").factory());

    Parcels(Spool spool, Loop loop) {
        this.spool = spool;
        this.loop = loop;
    }

    /** Goes on with the parcel for the child of that pid, or with what went wrong. */
    void pack(Data data, long child, Consumer<Parcel> then, Consumer<String> otherwise) {
        if (data.bytes().length < Spool.LARGE_BYTES) {
            then.accept(Parcel.inline(data));
            return;
        }
        disk.execute(() -> {
            try {
                Parcel parcel = spool.pack(data, child);
                loop.execute(() -> then.accept(parcel));
            } catch (UncheckedIOException e) {
                loop.execute(() -> otherwise.accept(String.valueOf(e.getMessage())));
            }
        });
    }

    /** Goes on with the payload, or with what went wrong. */
    void unpack(Parcel parcel, Consumer<Data> then, Consumer<String> otherwise) {
        if (parcel instanceof Parcel.Inline inline) {
            then.accept(inline.data(Codec.json()));
            return;
        }
        disk.execute(() -> {
            try {
                Data data = spool.unpack(parcel, Codec.json());
                loop.execute(() -> then.accept(data));
            } catch (UncheckedIOException e) {
                loop.execute(() -> otherwise.accept(String.valueOf(e.getMessage())));
            }
        });
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
