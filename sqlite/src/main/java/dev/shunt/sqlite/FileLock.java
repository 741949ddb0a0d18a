package dev.shunt.sqlite;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;

/**
 * A lock on a file itself, whatever its name: Linux's lock of an open file description ({@code F_OFD_SETLK}), on one byte
 * far behind all that SQLite reads, writes or locks. It ends with its descriptor, so with the process. Java's locks are
 * the process's: they end when SQLite closes any descriptor of the file, and so would SQLite's by ours, which is why ours
 * is closed last of all, and not at all when the file is another's.
 */
final class FileLock implements AutoCloseable {

    /** SQLite locks bytes from 2^30 on. */
    private static final long LOCKED_BYTE = 1L << 62;

    private static final int READ_AND_WRITE = 2; // O_RDWR
    private static final int CLOSE_ON_EXEC = 0x80000; // O_CLOEXEC: a child must not keep the lock
    private static final int SET_LOCK = 37; // F_OFD_SETLK
    private static final short WRITE_LOCK = 1; // F_WRLCK
    private static final int TRY_AGAIN = 11; // EAGAIN
    private static final int LOCK_SIZE = 32;

    private static final StructLayout CALL_STATE = Linker.Option.captureStateLayout();

    static final class UnsupportedException extends IOException {

        private static final long serialVersionUID = 1;

        UnsupportedException(String why) {
            super(why);
        }
    }

    /** What came of it. */
    enum Taken {
        LOCKED,
        IN_USE
    }

    private final int descriptor;
    private final Taken taken;

    private FileLock(int descriptor, Taken taken) {
        this.descriptor = descriptor;
        this.taken = taken;
    }

    Taken taken() {
        return taken;
    }

    static boolean isSupported() {
        return System.getProperty("os.name").equals("Linux");
    }

    /** @throws UnsupportedException if its file system, or this kernel, has no such locks */
    static FileLock take(Path path) throws IOException {
        try (var arena = Arena.ofConfined()) {
            var state = arena.allocate(CALL_STATE);
            int descriptor = (int) function("open", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT))
                    .invokeExact(state, arena.allocateFrom(path.toString()), READ_AND_WRITE | CLOSE_ON_EXEC);
            if (descriptor < 0) {
                throw new IOException("the task log " + path + " cannot be opened to lock it: error " + error(state)
                        + ". May this user (" + System.getProperty("user.name") + ") read and write it?");
            }
            int locked = (int) function("fcntl", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS))
                    .invokeExact(state, descriptor, SET_LOCK, description(arena));
            if (locked == 0) {
                return new FileLock(descriptor, Taken.LOCKED);
            }
            if (error(state) == TRY_AGAIN) {
                return new FileLock(descriptor, Taken.IN_USE);
            }
            var refused = new FileLock(descriptor, Taken.LOCKED);
            refused.close();
            throw new UnsupportedException(
                    "its file system has no locks for files themselves (error " + error(state) + ")");
        } catch (IOException | RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) { // that of a method handle
            throw new IOException(e);
        }
    }

    /** {@code struct flock} of 64-bit Linux. */
    private static MemorySegment description(Arena arena) {
        var lock = arena.allocate(LOCK_SIZE, Long.BYTES);
        lock.set(JAVA_SHORT, 0, WRITE_LOCK);
        lock.set(JAVA_LONG, 8, LOCKED_BYTE);
        lock.set(JAVA_LONG, 16, 1);
        return lock;
    }

    private static int error(MemorySegment state) {
        return (int) CALL_STATE.varHandle(PathElement.groupElement("errno")).get(state, 0L);
    }

    @SuppressWarnings("restricted") // SQLite itself is native code
    private static MethodHandle function(String name, FunctionDescriptor types) {
        int named = Math.min(2, types.argumentLayouts().size()); // open and fcntl take any number after two
        var linker = Linker.nativeLinker();
        return linker.downcallHandle(
                linker.defaultLookup().findOrThrow(name),
                types,
                Linker.Option.captureCallState("errno"),
                Linker.Option.firstVariadicArg(named));
    }

    @Override
    public void close() throws IOException {
        if (taken == Taken.IN_USE) {
            return; // it may be another log's of this process, whose SQLite locks would go with this descriptor
        }
        try (var arena = Arena.ofConfined()) {
            var _ = (int) function("close", FunctionDescriptor.of(JAVA_INT, JAVA_INT))
                    .invokeExact(arena.allocate(CALL_STATE), descriptor);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) { // that of a method handle
            throw new IOException(e);
        }
    }
}
