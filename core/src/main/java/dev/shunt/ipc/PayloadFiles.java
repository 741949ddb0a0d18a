package dev.shunt.ipc;

import dev.shunt.data.Codec;
import dev.shunt.data.Data;
import dev.shunt.log.Log;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/**
 * Where large payloads wait, so that no frame holds up the others: in the {@link PayloadArena} of the child, or, if there is
 * no room, in files of the run directory, written by the sender and unlinked by the receiver. Manager and children each have
 * one over the same directory, and make it anew should somebody, such as a cleaner of temporary directories, have removed it.
 * Safe for any thread.
 */
public final class PayloadFiles {

    /** Payloads from this size on travel in shared memory if there is room. Half of a block there; 16 KiB was measured. */
    public static final int SHARED_BYTES = 8 << 10;

    /** Payloads from this size on never travel in their frames. */
    public static final int LARGE_BYTES = 64 << 10;

    /** The JDK keeps a buffer of this size for each thread that has read or written a file. */
    private static final int CHUNK_BYTES = 256 << 10;

    /** Names come from the other end of a socket: nothing but what {@link #nextName} makes is opened. */
    private static final Pattern NAME = Pattern.compile("[0-9a-f]{1,16}-[0-9a-f]{1,16}-[0-9a-f]{1,16}");

    private static final Logger LOG = Log.of(PayloadFiles.class);

    private final Path directory;
    private final long own = ProcessHandle.current().pid();
    private final int run = ThreadLocalRandom.current().nextInt();
    private final AtomicLong written = new AtomicLong();

    /** By the pid of the child. */
    private final Map<Long, PayloadArena> arenas = new ConcurrentHashMap<>();

    private final LongAdder inMemory = new LongAdder();
    private final LongAdder inFiles = new LongAdder();

    /** @param directory exists already and belongs to this run alone */
    public PayloadFiles(Path directory) {
        this.directory = directory;
    }

    /** What the child of that pid shares with the manager, until {@link #discardAll}, which closes it. */
    public void share(long child, PayloadArena arena) {
        arenas.put(child, arena);
    }

    /** How many this process has put into memory that it shares, or taken out of it. */
    public long inMemory() {
        return inMemory.sum();
    }

    /** How many it has written to files, or read. */
    public long inFiles() {
        return inFiles.sum();
    }

    /** What all arenas have of the system's memory. */
    public long memoryBytes() {
        return arenas.values().stream().mapToLong(PayloadArena::taken).sum();
    }

    /** In a child: what it shares with the manager. */
    public void share(PayloadArena arena) {
        share(own, arena);
    }

    /** As {@link #pack(Data, long)} for a child's own files, on their way to the manager. */
    public Payload pack(Data data) {
        return pack(data, own);
    }

    /**
     * Makes the payload ready to travel.
     *
     * @param child the pid of the child it comes from or goes to, after whose death {@link #discardAll} finds it
     * @throws UncheckedIOException if it cannot be written, for one because the disk is full; no file is left
     */
    public Payload pack(Data data, long child) {
        byte[] bytes = data.bytes();
        if (bytes.length < LARGE_BYTES) {
            return packSmall(data, child);
        }
        var shared = share(data, child);
        if (shared != null) {
            return shared;
        }
        String name = nextName(child);
        write(directory.resolve(name), bytes);
        inFiles.increment();
        return new Payload.InFile(data.kind(), name);
    }

    /** As {@link #pack(Data, long)}, for what is smaller than {@link #LARGE_BYTES}: never a file, and never throws. */
    public Payload packSmall(Data data, long child) {
        if (data.bytes().length < SHARED_BYTES) {
            return Payload.inline(data);
        }
        try {
            var shared = share(data, child);
            return shared == null ? Payload.inline(data) : shared;
        } catch (IllegalStateException e) { // the child has just gone, and another thread has closed it
            LOG.debug("the memory of process {} is gone", child, e);
            return Payload.inline(data);
        }
    }

    private @Nullable Payload share(Data data, long child) {
        var arena = arenas.get(child);
        var shared = arena == null ? null : arena.put(data.kind(), data.bytes(), child);
        if (shared != null) {
            inMemory.increment();
        }
        return shared;
    }

    /**
     * The payload; its file is gone, or its memory free, afterwards.
     *
     * @throws UncheckedIOException if it cannot be read, for one because it was unpacked before
     * @throws IllegalArgumentException if the payload's file name is none of this directory, or its place none of its memory
     */
    public Data unpack(Payload payload, Codec codec) {
        return switch (payload) {
            case Payload.Inline inline -> inline.data(codec);
            case Payload.InFile file -> Data.received(file.kind(), take(file.fileName()), codec);
            case Payload.InArena shared -> Data.received(shared.kind(), take(shared), codec);
        };
    }

    /** Removes the file of a payload that nobody will unpack, or gives its memory back. */
    public void discard(Payload payload) {
        switch (payload) {
            case Payload.Inline _ -> {}
            case Payload.InFile file -> delete(file(file.fileName()));
            case Payload.InArena shared -> {
                var arena = arenas.get(shared.child());
                if (arena != null) { // else all of it is gone with its child
                    arena.release(shared);
                }
            }
        }
    }

    /** Removes every file that came from a dead child or was meant for it, and the memory shared with it. */
    public void discardAll(long child) {
        var arena = arenas.remove(child);
        if (arena != null) {
            arena.close();
        }
        try (var files = Files.newDirectoryStream(directory, Long.toHexString(child) + "-*")) {
            for (Path file : files) {
                Files.deleteIfExists(file);
            }
        } catch (NoSuchFileException e) {
            LOG.debug("{} is gone, with all that was in it", directory);
        } catch (IOException | DirectoryIteratorException e) {
            throw new UncheckedIOException(
                    "cannot remove the payloads of child " + child + " from " + directory, new IOException(e));
        }
    }

    /** The random part keeps a process from meeting files of a dead one whose pid it was given. */
    private String nextName(long child) {
        return Long.toHexString(child)
                + '-'
                + Integer.toHexString(run)
                + '-'
                + Long.toHexString(written.incrementAndGet());
    }

    private byte[] take(Payload.InArena shared) {
        var arena = arenas.get(shared.child());
        if (arena == null) {
            String problem = "cannot take " + shared.length() + " bytes out of the memory shared with process "
                    + shared.child() + ": it is gone";
            throw new UncheckedIOException(problem, new IOException(problem));
        }
        byte[] bytes = arena.take(shared);
        inMemory.increment();
        return bytes;
    }

    private byte[] take(String name) {
        var file = file(name);
        try {
            byte[] bytes = read(file);
            Files.delete(file);
            inFiles.increment();
            return bytes;
        } catch (NoSuchFileException e) {
            throw new UncheckedIOException(
                    "cannot take the payload out of " + file + ": it is gone, taken already or removed by another"
                            + " program, such as a cleaner of temporary directories",
                    e);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot take the payload out of " + file + ": " + e, e);
        }
    }

    private Path file(String name) {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException("not a file of the payloads: " + name);
        }
        return directory.resolve(name);
    }

    private static byte[] read(Path file) throws IOException {
        try (var channel = FileChannel.open(file, StandardOpenOption.READ)) {
            byte[] bytes = new byte[Math.toIntExact(channel.size())];
            for (int read = 0; read < bytes.length; ) {
                int count = channel.read(chunk(bytes, read));
                if (count < 0) {
                    throw new EOFException("it has only " + read + " of its " + bytes.length + " bytes");
                }
                read += count;
            }
            return bytes;
        }
    }

    private void write(Path file, byte[] bytes) {
        try (var channel = create(file)) {
            for (int written = 0; written < bytes.length; ) {
                written += channel.write(chunk(bytes, written));
            }
        } catch (IOException e) {
            var failure = new UncheckedIOException(
                    "cannot write a payload of " + bytes.length + " bytes to " + file + ": " + e, e);
            try {
                Files.deleteIfExists(file);
            } catch (IOException left) {
                failure.addSuppressed(left);
            }
            throw failure;
        }
    }

    private FileChannel create(Path file) throws IOException {
        try {
            return FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        } catch (NoSuchFileException e) {
            make();
            return FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        }
    }

    /** The run directory as well, if that is gone: its manager puts into it what else belongs there. */
    private void make() throws IOException {
        var run = directory.getParent();
        if (run != null && !Files.exists(run)) {
            makeOne(run);
        }
        makeOne(directory);
    }

    private static void makeOne(Path directory) throws IOException {
        try {
            Files.createDirectory(
                    directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            LOG.warn(
                    "{} was gone: removed by another program, such as a cleaner of temporary directories; it is made again",
                    directory);
        } catch (FileAlreadyExistsException e) {
            LOG.debug("{} is there, made by another process", directory);
        }
    }

    private static ByteBuffer chunk(byte[] bytes, int from) {
        return ByteBuffer.wrap(bytes, from, Math.min(CHUNK_BYTES, bytes.length - from));
    }

    private static void delete(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot remove the payload " + file + ": " + e, e);
        }
    }
}
